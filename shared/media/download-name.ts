/** Endings of the types that files may have. */
const ENDINGS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/x-matroska': 'mkv',
  'video/webm': 'webm',
  'video/mp2t': 'ts',
  'video/mpeg': 'mpg',
  'video/x-msvideo': 'avi',
  'video/x-ms-wmv': 'wmv',
  'video/x-ms-asf': 'asf',
  'video/x-flv': 'flv',
  'video/ogg': 'ogv',
  'audio/mp4': 'm4a',
  'audio/x-matroska': 'mka',
  'audio/webm': 'weba',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/flac': 'flac',
  'audio/wav': 'wav',
  'audio/aac': 'aac',
};
/** File systems take 255 bytes, and a character has four at most. */
const MAX_CHARACTERS = 60;

/**
 * `Content-Disposition` that has a client keep a file under a title's name (RFC 6266), in letters that every system takes
 * in names, with the ending of its type.
 */
export function downloadAs(title: string, contentType: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be in a header
  const spaced = title.replace(/[\u0000-\u001f\u007f-\u009f/\\:*?"<>|]+/g, ' ').replace(/\s+/g, ' ');
  const base = [...spaced.replace(/^[. ]+|[. ]+$/g, '')].slice(0, MAX_CHARACTERS).join('').trim() || 'film';
  const ending = ENDINGS[contentType.toLowerCase()];
  const name = (ending ? `${base}.${ending}` : base).toWellFormed();
  const ascii = name
    .normalize('NFKD')
    .replace(/[^\u0020-\u007e]/g, '')
    .trim();
  // RFC 8187 takes fewer characters as they are than encodeURIComponent leaves.
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
