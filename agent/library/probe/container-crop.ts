import { closeSync, openSync } from 'node:fs';
import type { MediaInfo, Rational, VideoStream } from '../../../shared/media/media-info.ts';
import { boxAt, boxesIn, findMoov } from './head/boxes.ts';
import { elementsIn, Fields } from './head/ebml.ts';
import { HeadBytes } from './head/head-bytes.ts';
import { ID } from './head/mkv-ids.ts';
import { findParts } from './head/mkv-parts.ts';
import { nearest } from './head/rational.ts';
import { Unsure } from './head/unsure.ts';

/** What a container cuts off the coded picture at each edge, in its pixels. */
interface Cut {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** The size at which the rest is shown; null is its own. */
  shown: { width: number; height: number } | null;
}

/** A visual sample entry's own fields. */
const VISUAL_FIELDS = 78;
const MAX_SHAPE_PART = 255;
const READERS: Record<string, (file: HeadBytes) => (Cut | null)[]> = {
  mkv: matroskaCuts,
  webm: matroskaCuts,
  mp4: mp4Cuts,
  mov: mp4Cuts,
};

/**
 * Crops that an older ffmpeg (before 7.1) does not know of, so that its pictures are cut by us. A newer one says itself
 * that it cuts, and one that lies on its side is left whole. Throws the file system's error only.
 */
export function withCrops(media: MediaInfo, path: string, size: number): MediaInfo {
  const read = READERS[media.container];
  if (!read || media.video.length === 0 || media.video.some(({ cropped }) => cropped)) return media;
  const fd = openSync(path, 'r');
  try {
    const cuts = read(new HeadBytes(fd, size));
    return { ...media, video: media.video.map((stream) => cutBy(stream, cuts[stream.index] ?? null)) };
  } catch (error) {
    if (error instanceof Unsure || error instanceof RangeError) return media;
    throw error;
  } finally {
    closeSync(fd);
  }
}

function cutBy(stream: VideoStream, cut: Cut | null): VideoStream {
  if (!cut || stream.rotation !== 0 || cut.left + cut.right + cut.top + cut.bottom === 0) return stream;
  const width = stream.width - cut.left - cut.right;
  const height = stream.height - cut.top - cut.bottom;
  if ([cut.left, cut.right, cut.top, cut.bottom].some((edge) => edge < 0) || width < 1 || height < 1) return stream;
  const { shown } = cut;
  const sar: Rational = shown ? nearest(height * shown.width, width * shown.height, MAX_SHAPE_PART) : stream.sar;
  return { ...stream, width, height, sar, cropped: true, crop: { left: cut.left, top: cut.top } };
}

function matroskaCuts(file: HeadBytes): (Cut | null)[] {
  return elementsIn(findParts(file).tracks)
    .filter(({ id }) => id === ID.track)
    .map(({ payload }) => {
      const bytes = new Fields(payload).bytes(ID.video);
      if (!bytes) return null;
      const video = new Fields(bytes);
      const [width, height] = [video.number(ID.displayWidth, 0), video.number(ID.displayHeight, 0)];
      return {
        ...{ left: video.number(ID.cropLeft, 0), right: video.number(ID.cropRight, 0) },
        ...{ top: video.number(ID.cropTop, 0), bottom: video.number(ID.cropBottom, 0) },
        shown: width > 0 && height > 0 ? { width, height } : null,
      };
    });
}

/** `clap` (ISO 14496-12, 12.1.4.1): the size that is left and how far its middle is from the picture's, as fractions. */
function mp4Cuts(file: HeadBytes): (Cut | null)[] {
  return boxesIn(findMoov(file))
    .filter(({ type }) => type === 'trak')
    .map(({ payload: trak }) => {
      const stsd = boxAt(trak, 'mdia', 'minf', 'stbl', 'stsd');
      const entry = stsd && boxAt(trak, 'mdia', 'minf', 'vmhd') ? boxesIn(stsd.subarray(8))[0]?.payload : undefined;
      const clap = entry && boxesIn(entry.subarray(VISUAL_FIELDS)).find(({ type }) => type === 'clap')?.payload;
      if (!entry || !clap) return null;
      const fraction = (i: number) => clap.readInt32BE(i * 8) / (clap.readInt32BE(i * 8 + 4) || 1);
      const [width, height] = [entry.readUInt16BE(24), entry.readUInt16BE(26)];
      const across = width - fraction(0);
      const down = height - fraction(1);
      const left = Math.round(across / 2 + fraction(2));
      const top = Math.round(down / 2 + fraction(3));
      return { left, right: Math.round(across) - left, top, bottom: Math.round(down) - top, shown: null };
    });
}
