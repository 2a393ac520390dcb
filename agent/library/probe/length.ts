import type { MediaInfo } from '../../../shared/media/media-info.ts';
import type { FfprobeStream } from './ffprobe-output.ts';
import { matroskaLengthMs } from './head/mkv-tail.ts';

/** A clock that begins later than sound usually lies before the first picture: a cut, or a part of a recording. */
export const LATE_CLOCK_MS = 100;
/** Where the head says when the film ends by its own clock, and not how long it is. */
const ENDS: ReadonlySet<string> = new Set(['mp4', 'mov', 'wmv']);

/**
 * The film's length from its first moment to its last. Containers whose clock does not begin at 0 are of two minds about
 * what they call their duration, and Matroska's writers among themselves: there the last block tells. The same goes for
 * a recording that was cut off, or came through a pipe, and does not say how long it is.
 */
export function withLength(media: MediaInfo, path: string, size: number): MediaInfo {
  const { container, durationMs } = media;
  const start = Math.round(media.startTime * 1000);
  if (durationMs > 0 && start < LATE_CLOCK_MS) return media;
  if (container === 'mkv' || container === 'webm') {
    const end = matroskaLengthMs(path, size) ?? 0;
    return end > start ? { ...media, durationMs: end - start } : media;
  }
  return ENDS.has(container) && durationMs > start ? { ...media, durationMs: durationMs - start } : media;
}

/** Pictures that end by no more than this before the film are simply repeated. */
export const EARLY_END_MS = 10_000;

/** Marks pictures that end long before the film does, such as those of a concert with an hour of sound behind it. */
export function withEnds(media: MediaInfo, streams: readonly FfprobeStream[]): MediaInfo {
  const ends = (index: number) =>
    endOf(
      streams.find((stream) => stream.index === index),
      media.startTime,
    );
  const video = media.video.map((stream) => {
    const end = ends(stream.index);
    return end !== null && end < media.durationMs - EARLY_END_MS ? { ...stream, endsMs: Math.max(0, end) } : stream;
  });
  return { ...media, video };
}

/** Milliseconds from the film's start; null where the file does not say. Matroska has the last moment as a tag, and what
 * ffprobe calls a stream's duration there may be the whole film's. */
function endOf(stream: FfprobeStream | undefined, startTime: number): number | null {
  const tagged = secondsOfTag(stream?.tags?.DURATION ?? '');
  // Of a clock that begins late the writers are of two minds again.
  if (tagged !== null) return startTime * 1000 < LATE_CLOCK_MS ? Math.round((tagged - startTime) * 1000) : null;
  const [begins, lasts] = [Number(stream?.start_time), Number(stream?.duration)];
  return lasts > 0 ? Math.round(((begins || startTime) + lasts - startTime) * 1000) : null;
}

/** `00:00:04.021000000`. */
export function secondsOfTag(text: string): number | null {
  const [, hours, minutes, seconds] = /^(\d{1,3}):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text) ?? [];
  return seconds === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
