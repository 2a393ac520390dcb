import { packetArguments } from '../../ffmpeg/packet-arguments.ts';
import { run } from '../../ffmpeg/process.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import { COMPLETE_CONTAINERS } from '../recipes.ts';

/** Keyframes that are looked at, all over the film: an encoder makes all of them in one way. */
const LOOKED_AT = 4;
const TIMEOUT_MS = 5_000;
/** Keyframes of 4K have some megabytes each. */
const MAX_BYTES = 64 * 1024 * 1024;

const SLICE = 1;
const IDR_SLICE = 5;

/**
 * Whether an H.264 stream has open GOPs: behind their keyframes lie pictures that hang on ones before. Chromium takes
 * such a keyframe for one and ends with an error whatever begins there, which is every seek. False where it cannot be
 * found out. What is looked at follows from the film's length alone, so that each machine finds the same. Throws the
 * signal's reason.
 */
export async function hasOpenGops(
  ffmpeg: string,
  copy: IndexedCopy,
  stream: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { video, container, durationMs } = copy.media;
  if (video.find(({ index }) => index === stream)?.codec !== 'h264') return false;
  const times = Array.from({ length: LOOKED_AT }, (_, i) => ((i + 1) * durationMs) / 1000 / (LOOKED_AT + 1));
  const args = packetArguments({ path: copy.path, stream, times, complete: COMPLETE_CONTAINERS.has(container) });
  const done = await run(ffmpeg, args, { signal, timeoutMs: TIMEOUT_MS, maxStdoutBytes: MAX_BYTES }).catch(() => null);
  signal.throwIfAborted();
  if (done?.code !== 0 || done.limited) return false;
  const { idr, others } = pictures(done.stdout);
  return others > 0 && idr < times.length;
}

/** Pictures in Annex B by their first slices (Rec. ITU-T H.264, 7.3.1 and 7.4.3: `first_mb_in_slice` is 0). */
export function pictures(bytes: Buffer): { idr: number; others: number } {
  const found = { idr: 0, others: 0 };
  for (let at = bytes.indexOf(START); at >= 0; at = bytes.indexOf(START, at + START.length)) {
    const type = (bytes[at + START.length] ?? 0) & 0x1f;
    const first = ((bytes[at + START.length + 1] ?? 0) & 0x80) !== 0;
    if (first && type === IDR_SLICE) found.idr++;
    if (first && type === SLICE) found.others++;
  }
  return found;
}

const START = Buffer.from([0, 0, 1]);
