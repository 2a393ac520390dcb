import { StringDecoder } from 'node:string_decoder';
import { start } from '../../ffmpeg/process.ts';
import { MAX_KEYFRAMES, UnreadableIndex } from './byte-source.ts';

/** How much of a file is read to find its keyframes, and for how long. */
export interface ReadingLimits {
  maxFileBytes: number;
  timeoutMs: number;
}

/** Reading every packet of a larger file would keep a viewer waiting. */
export const WHILE_A_VIEWER_WAITS: ReadingLimits = { maxFileBytes: 200 * 1024 * 1024, timeoutMs: 8_000 };
/** With nobody waiting: 80 GB on a disk of 20 MB/s. */
export const IN_THE_BACKGROUND: ReadingLimits = { maxFileBytes: 2 ** 41, timeoutMs: 70 * 60_000 };

/** An honest line has about 20 characters. */
const MAX_LINE = 4096;

/**
 * Times of the keyframes of a file that has no index, by reading all of it. Seconds of the container's own
 * clock, rising. Memory holds the keyframes alone. Throws UnreadableIndex, or the signal's reason.
 */
export async function readPacketKeyframes(
  ffprobe: string,
  file: { path: string; size: number },
  stream: number,
  limits: ReadingLimits,
  signal: AbortSignal,
): Promise<number[]> {
  if (file.size > limits.maxFileBytes) throw new UnreadableIndex('too large to be read whole');
  const args = [
    ...['-v', 'error', '-protocol_whitelist', 'file,pipe', '-select_streams', String(stream)],
    ...['-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', '-i', `file:${file.path}`],
  ];
  const within = AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]);
  const running = start(ffprobe, args, { signal: within });
  const times: number[] = [];
  try {
    for await (const line of lines(running.stdout)) {
      const [time, flags] = line.split(',');
      const seconds = Number.parseFloat(time ?? '');
      if (!flags?.startsWith('K') || !Number.isFinite(seconds)) continue;
      if (times.push(seconds) > MAX_KEYFRAMES) throw new UnreadableIndex('keyframes without end');
    }
  } finally {
    running.kill();
  }
  const { code } = await running.exit;
  signal.throwIfAborted();
  if (code !== 0 || within.aborted) throw new UnreadableIndex('the packets could not be read');
  if (times.length === 0) throw new UnreadableIndex('no keyframe has a time');
  return [...new Set(times)].sort((a, b) => a - b);
}

async function* lines(stdout: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('latin1');
  let rest = '';
  for await (const chunk of stdout) {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > MAX_LINE) throw new UnreadableIndex('a line without end');
    yield* parts;
  }
  if (rest) yield rest;
}
