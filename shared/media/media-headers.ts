export const PLAYLIST_TYPES = { hls: 'application/vnd.apple.mpegurl', dash: 'application/dash+xml' } as const;

/** What a media answer is; each has its own types and its own life in caches. */
export type MediaKind = 'file' | 'segment' | 'subtitle' | 'ass' | 'font' | 'fonts' | 'preview' | 'playlist';

/**
 * The only types that media answers may have, whatever an agent says: nothing from a disk may be a page or a script
 * in the app's origin.
 */
const TYPES: Record<MediaKind, RegExp> = {
  file: /^(video|audio)\/[a-z0-9][a-z0-9.+-]{0,60}$/,
  segment: /^(video|audio)\/mp4$/,
  subtitle: /^text\/vtt(; ?charset=utf-8)?$/,
  ass: /^text\/x-ssa(; ?charset=utf-8)?$/,
  font: /^font\/(ttf|otf|collection)$/,
  fonts: /^application\/json$/,
  preview: /^image\/jpeg$/,
  playlist: /^application\/(vnd\.apple\.mpegurl|dash\+xml)$/,
};

const FALLBACK: Record<MediaKind, string> = {
  file: 'application/octet-stream',
  segment: 'video/mp4',
  subtitle: 'text/vtt; charset=utf-8',
  ass: 'text/x-ssa; charset=utf-8',
  font: 'application/octet-stream',
  fonts: 'application/json',
  preview: 'image/jpeg',
  playlist: 'application/octet-stream',
};

/** A ticket's answers belong to one viewer. Seeking back in a browser may use segments again; files are not kept. */
const CACHING: Record<MediaKind, string> = {
  file: 'no-store',
  segment: 'private, max-age=3600, immutable',
  subtitle: 'private, max-age=3600',
  ass: 'private, max-age=3600',
  font: 'private, max-age=3600, immutable',
  fonts: 'private, max-age=3600',
  preview: 'private, max-age=3600',
  playlist: 'no-store',
};

/** Headers of a media answer: its type from a closed list, and nothing in it may run, sniff or cross origins. */
export function mediaHeaders(kind: MediaKind, contentType: string | null): Record<string, string> {
  const type = contentType?.toLowerCase() ?? '';
  return {
    'content-type': TYPES[kind].test(type) ? type : FALLBACK[kind],
    'cache-control': CACHING[kind],
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
  };
}
