import type { Traits } from '../../../shared/api/facets.ts';

interface TraitChoice {
  name: 'codec' | 'language' | 'site';
  label: string;
  values: readonly (readonly [value: string, label: string])[];
}

/** ffmpeg's names of video codecs as people know them. */
const CODECS: Readonly<Record<string, string>> = {
  ...{ h264: 'H.264', hevc: 'HEVC (H.265)', av1: 'AV1', vp9: 'VP9', vp8: 'VP8', mpeg2video: 'MPEG-2', mpeg4: 'MPEG-4' },
  vc1: 'VC-1',
};

/** The filters that files answer, those left out that leave no choice. */
export function traitChoices(traits: Traits | undefined): TraitChoice[] {
  if (!traits) return [];
  const choices: TraitChoice[] = [
    {
      name: 'codec',
      label: 'Codec',
      values: traits.codecs.map((codec) => [codec, CODECS[codec] ?? codec.toUpperCase()]),
    },
    { name: 'language', label: 'Language', values: traits.languages.map((code) => [code, languageName(code)]) },
    { name: 'site', label: 'Site', values: traits.sites.map(({ id, name }) => [id, name]) },
  ];
  return choices.filter(({ values }) => values.length > 1);
}

function languageName(code: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}
