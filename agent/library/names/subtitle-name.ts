import type { SubtitleStream } from '../../../shared/media/media-info.ts';

const CODECS: Record<string, string> = {
  srt: 'subrip',
  vtt: 'webvtt',
  ass: 'ass',
  ssa: 'ass',
  // VobSub: the index, with its pictures in a `.sub` of the same name. A `.sub` alone is MicroDVD's text.
  idx: 'dvd_subtitle',
  sub: 'microdvd',
  sup: 'hdmv_pgs_subtitle',
};
const PICTURES: ReadonlySet<string> = new Set(['dvd_subtitle', 'hdmv_pgs_subtitle']);

/** External subtitles count from here, so that they never meet a stream of the file itself. */
const FIRST_EXTERNAL_INDEX = 1000;
const MAX_EXTERNAL = 64;

export const isSubtitleName = (name: string): boolean => codecOf(name) !== undefined;

const codecOf = (name: string) => CODECS[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];

export interface ExternalSubtitle {
  /** The file's name. */
  name: string;
  /** Index of the stream in the file. */
  part: number;
  stream: SubtitleStream;
}

/**
 * The subtitle files in a folder that belong to a film: "Film.srt", "Film.en.forced.srt", "Film.German.sdh.ass".
 * `names` are those of the folder's subtitles in their order, so that a stream keeps its index while the folder
 * stays the same. `languages` are those of the VobSub files among them, one for each stream.
 */
export function externalSubtitles(
  stem: string,
  names: readonly string[],
  languages: ReadonlyMap<string, readonly (string | null)[]> = new Map(),
): ExternalSubtitle[] {
  const found: ExternalSubtitle[] = [];
  const present = new Set(names.map((name) => name.toLowerCase()));
  for (const name of names) {
    const codec = codecOf(name);
    if (!codec || halfOfPair(name, present)) continue;
    const flags = flagsBehind(stem, name.slice(0, name.lastIndexOf('.')));
    if (!flags) continue;
    const form = PICTURES.has(codec) ? 'image' : 'text';
    const parts = languages.get(name) ?? [];
    for (const [part, language] of (parts.length > 0 ? parts : [null]).entries()) {
      if (found.length === MAX_EXTERNAL) break;
      const index = FIRST_EXTERNAL_INDEX + found.length;
      const named = { ...flags, language: language ?? flags.language };
      found.push({ name, part, stream: { index, codec, form, external: true, ...named } });
    }
  }
  return found;
}

/** A `.sub` beside its `.idx` is that one's pictures; an `.idx` without it has none. */
function halfOfPair(name: string, present: ReadonlySet<string>): boolean {
  const lower = name.toLowerCase();
  if (lower.endsWith('.sub')) return present.has(lower.replace(/sub$/, 'idx'));
  return lower.endsWith('.idx') && !present.has(lower.replace(/idx$/, 'sub'));
}

type Flags = Pick<SubtitleStream, 'language' | 'title' | 'forced' | 'sdh' | 'default'>;

function flagsBehind(stem: string, subtitle: string): Flags | null {
  if (!subtitle.toLowerCase().startsWith(stem.toLowerCase())) return null;
  const rest = subtitle.slice(stem.length);
  if (rest !== '' && !/^[.\-_ ([]/.test(rest)) return null;
  const flags: Flags = { language: null, title: null, forced: false, sdh: false, default: false };
  const titles: string[] = [];
  for (const word of rest
    .split(/[.()[\]]+/)
    .flatMap((part) => (isLanguage(part.trim()) ? [part.trim()] : part.split(/[_ ]+/)))) {
    if (word === '' || word === '-') continue;
    const lower = word.toLowerCase().replace(/^-/, '');
    if (lower === 'forced' || lower === 'foreign') flags.forced = true;
    else if (lower === 'sdh' || lower === 'cc' || lower === 'hi') flags.sdh = true;
    else if (lower === 'default') flags.default = true;
    else if (flags.language === null && isLanguage(lower)) flags.language = languageOf(lower);
    else titles.push(word);
  }
  // "Film 2.srt" beside "Film.mkv" belongs to another film: behind a space only known words count.
  if (/^[ _]/.test(rest) && titles.length > 0) return null;
  flags.title = titles.join(' ').slice(0, 500) || null;
  return flags;
}

const NAMES: Record<string, string> = {
  english: 'en',
  german: 'de',
  deutsch: 'de',
  french: 'fr',
  spanish: 'es',
  italian: 'it',
  portuguese: 'pt',
  dutch: 'nl',
  polish: 'pl',
  russian: 'ru',
  japanese: 'ja',
  chinese: 'zh',
  korean: 'ko',
  swedish: 'sv',
  norwegian: 'no',
  danish: 'da',
  finnish: 'fi',
  czech: 'cs',
  hungarian: 'hu',
  turkish: 'tr',
  arabic: 'ar',
  hebrew: 'he',
  greek: 'el',
};

const CODE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})?$/;
const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** A language's name or code that this machine knows: "en", "eng", "pt-BR", "German". */
function isLanguage(word: string): boolean {
  const lower = word.toLowerCase();
  return lower in NAMES || (CODE.test(lower) && languages.of(lower) !== undefined);
}

const languageOf = (word: string) => NAMES[word] ?? word;
