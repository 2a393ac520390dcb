import type { VideoStream } from '../../../../shared/media/media-info.ts';
import { Unsure } from './unsure.ts';

const PQ = 16;
const HLG = 18;
const UNSPECIFIED = 2;

/** The dynamic range by what stream and container say of their light; where they disagree, ffprobe decides. */
export function hdrOf(said: {
  dolby: boolean;
  inStream: number | null;
  inContainer: number | null;
}): VideoStream['hdr'] {
  if (said.dolby) return 'dolby-vision';
  const container = said.inContainer === UNSPECIFIED ? null : said.inContainer;
  if (said.inStream !== null && container !== null && said.inStream !== container) throw new Unsure('two lights');
  const transfer = said.inStream ?? container;
  if (transfer === PQ) return 'hdr10';
  return transfer === HLG ? 'hlg' : 'none';
}
