/**
 * ffmpeg's demuxer for a picture by its first bytes, or null. It is named outright: guessing by the name would
 * take `100%1.jpg` for a sequence, and a playlist that calls itself a poster for a playlist.
 */
export function demuxerOf(bytes: Buffer): string | null {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'jpeg_pipe';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png_pipe';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp_pipe';
  if (text(0, 4) === 'GIF8') return 'gif';
  if (text(0, 2) === 'BM') return 'bmp_pipe';
  if (text(0, 4) === 'II*\0' || text(0, 4) === 'MM\0*') return 'tiff_pipe';
  if (text(4, 8) === 'ftyp' && /^(avif|avis|mif1|heic)/.test(text(8, 12))) return 'mov';
  return null;
}

/** PNG's kinds of colour that have an alpha channel, and the flag of WebP's extended head. */
const PNG_COLOUR_AT = 25;
const PNG_WITH_ALPHA = new Set([4, 6]);
const WEBP_FLAGS_AT = 20;
const WEBP_ALPHA = 0x10;

/** Whether something may be seen through a picture, by its first bytes: a drawn title, which as a JPEG were a box. */
export function isClear(bytes: Buffer): boolean {
  switch (demuxerOf(bytes)) {
    case 'png_pipe':
      return PNG_WITH_ALPHA.has(bytes[PNG_COLOUR_AT] ?? 0);
    case 'webp_pipe':
      return bytes.toString('latin1', 12, 16) === 'VP8X' && ((bytes[WEBP_FLAGS_AT] ?? 0) & WEBP_ALPHA) !== 0;
    default:
      return false;
  }
}

/** What a picture that was made here is, by its first byte. */
export const typeOfMade = (bytes: Buffer): string => (bytes[0] === 0x89 ? 'image/png' : 'image/jpeg');
