import { run } from '../../ffmpeg/process.ts';
import { UnreadableIndex } from './byte-source.ts';

/** Reading every packet of a larger file would keep the viewer waiting. */
const MAX_FILE_BYTES = 200 * 1024 * 1024;
const TIMEOUT_MS = 8_000;
/** A line of each packet is about 20 bytes: an hour at 60 frames a second is 4 MB. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Times of the keyframes of a file that has no index, by reading all of it: small files only. Seconds of the
 * container's own clock, rising. Throws UnreadableIndex.
 */
export async function readPacketKeyframes(
  ffprobe: string,
  file: { path: string; size: number },
  stream: number,
  signal: AbortSignal,
): Promise<number[]> {
  if (file.size > MAX_FILE_BYTES) throw new UnreadableIndex('too large to be read whole');
  const args = [
    ...['-v', 'error', '-protocol_whitelist', 'file,pipe', '-select_streams', String(stream)],
    ...['-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', '-i', `file:${file.path}`],
  ];
  const result = await run(ffprobe, args, { signal, timeoutMs: TIMEOUT_MS, maxStdoutBytes: MAX_OUTPUT_BYTES });
  if (result.code !== 0 || result.limited) throw new UnreadableIndex('the packets could not be read');
  const times: number[] = [];
  for (const line of result.stdout.toString('latin1').split('\n')) {
    const [time, flags] = line.split(',');
    const seconds = Number.parseFloat(time ?? '');
    if (flags?.startsWith('K') && Number.isFinite(seconds)) times.push(seconds);
  }
  if (times.length === 0) throw new UnreadableIndex('no keyframe has a time');
  return [...new Set(times)].sort((a, b) => a - b);
}
