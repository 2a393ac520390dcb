import type { MediaKind } from '../media/media-headers.ts';
import { RenditionId } from '../media/plan.ts';
import type { Resource } from './resources.ts';

/** What a media address names, and which kind of answer it is. */
export interface NamedResource {
  resource: Resource;
  kind: MediaKind;
}

type Groups = Record<string, string>;

/** Relative to a ticket: the same names at the edge and at an agent's own address. */
const NAMES: readonly [pattern: RegExp, read: (groups: Groups) => NamedResource][] = [
  [/^file$/, () => ({ resource: { kind: 'file' }, kind: 'file' })],
  [
    /^subtitles\/(?<stream>\d{1,6})\.vtt$/,
    ({ stream }) => ({ resource: { kind: 'subtitle', stream: Number(stream) }, kind: 'subtitle' }),
  ],
  [
    /^subtitles\/(?<stream>\d{1,6})\.ass$/,
    ({ stream }) => ({ resource: { kind: 'subtitle', stream: Number(stream), form: 'ass' }, kind: 'ass' }),
  ],
  [
    /^subtitles\/(?<stream>\d{1,6})\/(?<window>\d{1,4})\.vtt$/,
    ({ stream, window }) => ({
      resource: { kind: 'subtitle', stream: Number(stream), window: Number(window) },
      kind: 'subtitle',
    }),
  ],
  [/^fonts\/fonts\.json$/, () => ({ resource: { kind: 'font', font: null }, kind: 'fonts' })],
  [/^fonts\/(?<font>\d{1,3})$/, ({ font }) => ({ resource: { kind: 'font', font: Number(font) }, kind: 'font' })],
  [/^trickplay\/trickplay\.vtt$/, () => ({ resource: { kind: 'trickplay', sheet: null }, kind: 'subtitle' })],
  [
    /^trickplay\/(?<sheet>\d{1,3})\.jpg$/,
    ({ sheet }) => ({ resource: { kind: 'trickplay', sheet: Number(sheet) }, kind: 'preview' }),
  ],
  [
    /^(?<rendition>[^/]+)\/init\.mp4$/,
    ({ rendition = '' }) => ({ resource: { kind: 'init', rendition }, kind: 'segment' }),
  ],
  [
    /^(?<rendition>[^/]+)\/(?<k>\d{1,6})\.m4s$/,
    ({ rendition = '', k }) => ({ resource: { kind: 'segment', rendition, k: Number(k) }, kind: 'segment' }),
  ],
];

/** The bytes that a path below a ticket asks for; null for a path that names none. */
export function resourceAt(path: string): NamedResource | null {
  for (const [pattern, read] of NAMES) {
    const match = pattern.exec(path);
    if (!match) continue;
    const named = read(match.groups ?? {});
    const { resource } = named;
    return 'rendition' in resource && !RenditionId.safeParse(resource.rendition).success ? null : named;
  }
  return null;
}
