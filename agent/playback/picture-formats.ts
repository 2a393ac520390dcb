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
