import { type Running, start } from './process.ts';
import { windowArguments } from './subtitle-arguments.ts';

/** How often ffmpeg's place is looked at. */
const LOOK_MS = 25;
/** A minute of the densest karaoke. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The subtitles of a window as WebVTT, with times from its beginning. Rejects with the signal's reason, with what
 * ffmpeg could not be started for, or with what it said last.
 */
export async function readWindow(
  ffmpeg: string,
  window: Parameters<typeof windowArguments>[0],
  signal: AbortSignal,
): Promise<string> {
  const { args, clockEnd } = windowArguments(window);
  const running = start(ffmpeg, args, { signal });
  let through = false;
  const look = setInterval(() => {
    if (placeOf(running) < clockEnd) return;
    through = true;
    running.kill();
  }, LOOK_MS);
  try {
    const text = await collected(running);
    const { code, error } = await running.exit;
    signal.throwIfAborted();
    if (error) throw error;
    if (code !== 0 && !through) throw new BrokenWindow(running.stderrTail());
    return text;
  } finally {
    clearInterval(look);
    running.kill();
  }
}

/** ffmpeg could not read the file; the message is what it said. */
export class BrokenWindow extends Error {
  override name = 'BrokenWindow';
}

/** Microseconds from the window's beginning that ffmpeg has read, as it said last. */
function placeOf(running: Running): number {
  const said = running.stderrTail();
  const at = said.lastIndexOf('out_time_us=');
  return at < 0 ? 0 : Number.parseInt(said.slice(at + 'out_time_us='.length), 10) || 0;
}

async function collected(running: Running): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of running.stdout) {
    size += (chunk as Buffer).length;
    if (size > MAX_BYTES) break;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
