import type { Rational } from '../../../../shared/media/media-info.ts';
import type { Bits } from './bits.ts';

/** What a decoder's configuration says of its pictures. */
export interface PictureFacts {
  codec: string;
  profile: string | null;
  level: number | null;
  width: number;
  height: number;
  /** Null where the codec does not say. */
  sar: Rational | null;
  bitDepth: number;
  /** ITU-T H.273 transfer characteristics; null where the codec does not say. */
  transfer: number | null;
}

/** Sample aspect ratios by number (H.264 table E-1, the same in HEVC). */
const RATIOS: readonly (readonly [number, number])[] = [
  ...([
    [0, 0],
    [1, 1],
    [12, 11],
    [10, 11],
    [16, 11],
    [40, 33],
    [24, 11],
    [20, 11],
    [32, 11],
    [80, 33],
  ] as const),
  ...([
    [18, 11],
    [15, 11],
    [64, 33],
    [160, 99],
    [4, 3],
    [3, 2],
    [2, 1],
  ] as const),
];
const EXTENDED_RATIO = 255;
const UNSPECIFIED = 2;

/** The beginning of the video usability information, which both codecs share: shape of the pixels and light. */
export function readUsability(bits: Bits): Pick<PictureFacts, 'sar' | 'transfer'> {
  let sar: Rational | null = null;
  let transfer: number | null = null;
  if (bits.flag()) {
    const number = bits.read(8);
    const [num, den] = number === EXTENDED_RATIO ? [bits.read(16), bits.read(16)] : (RATIOS[number] ?? [0, 0]);
    if (num > 0 && den > 0) sar = { num, den };
  }
  if (bits.flag()) bits.skip(1);
  if (bits.flag()) {
    bits.skip(4);
    if (bits.flag()) {
      bits.skip(8);
      const said = bits.read(8);
      bits.skip(8);
      transfer = said === UNSPECIFIED ? null : said;
    }
  }
  return { sar, transfer };
}
