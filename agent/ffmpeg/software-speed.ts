import { readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { MADE_CODECS, type MadeCodec } from './hardware/device.ts';
import { run } from './process.ts';
import { SOFTWARE_ENCODERS, softwareOptions } from './software.ts';

const FRAMES = 50;
const FRAMES_PER_SECOND = 25;
const TIMEOUT_MS = 30_000;
/** Times real time in 1080p, with nothing else to do: decoding and scaling take their share, and a film has hard places. */
const FAST_ENOUGH = 2;
/** What is measured beside other work says nothing of the machine: it is looked again after this. */
const LOOK_AGAIN_MS = 60_000;

/** argv that encodes two seconds of 1080p as a film's are encoded. */
export function speedArguments(codec: MadeCodec): string[] {
  const options = softwareOptions(codec, { bitrate: 8_000_000, preset: 'veryfast', ten: false });
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
    ...['-f', 'lavfi', '-i', `testsrc2=size=1920x1080:rate=${FRAMES_PER_SECOND}`, '-frames:v', String(FRAMES)],
    ...['-vf', 'format=yuv420p', '-c:v', SOFTWARE_ENCODERS[codec], ...options, '-f', 'null', '-'],
  ];
}

/** How many times faster than real time the processor encodes 1080p; 0 where it fails or takes for ever. */
export async function measuredSpeed(ffmpeg: string, codec: MadeCodec, signal: AbortSignal): Promise<number> {
  const limits = { signal, timeoutMs: TIMEOUT_MS, maxStdoutBytes: 1024, background: true };
  const began = performance.now();
  const done = await run(ffmpeg, speedArguments(codec), limits).catch(() => null);
  signal.throwIfAborted();
  if (done?.code !== 0 || done.limited) return 0;
  return Math.round((FRAMES / FRAMES_PER_SECOND / ((performance.now() - began) / 1000)) * 10) / 10;
}

/** Whether a film may be encoded so while somebody watches it. */
export function isFastEnough(speed: number): boolean {
  return speed >= FAST_ENOUGH;
}

const Kept = z.object({ machine: z.string(), speeds: z.partialRecord(z.enum(MADE_CODECS), z.number().nonnegative()) });

/** How fast this machine's processor encodes, measured once for each ffmpeg and processor and kept in the data folder. */
export interface SoftwareSpeeds {
  /** Those of the codecs that were measured and are fast enough. */
  fast(codecs: readonly MadeCodec[]): MadeCodec[];
  /** Measures what was not yet, one after the other, while the machine does nothing else; throws the signal's reason. */
  measure(codecs: readonly MadeCodec[], signal: AbortSignal): Promise<void>;
}

/** Opens what is kept in `dataDir`; `version` is ffmpeg's. */
export async function openSoftwareSpeeds(options: {
  ffmpeg: string;
  version: string | null;
  dataDir: string;
  measured?: typeof measuredSpeed;
  busy?: () => boolean;
}): Promise<SoftwareSpeeds> {
  const { ffmpeg, version, dataDir, measured = measuredSpeed, busy = isBusy } = options;
  const file = join(dataDir, 'encoding-speed.json');
  const machine = `${version} on ${cpus().length} × ${cpus()[0]?.model ?? 'a processor'}`;
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const kept = Kept.safeParse(parsed(text)).data;
  const speeds = kept?.machine === machine ? { ...kept.speeds } : {};
  return {
    fast: (codecs) => codecs.filter((codec) => isFastEnough(speeds[codec] ?? 0)),
    async measure(codecs, signal) {
      for (const codec of codecs) {
        if (speeds[codec] !== undefined) continue;
        while (busy()) await sleep(LOOK_AGAIN_MS, undefined, { signal, ref: false });
        speeds[codec] = await measured(ffmpeg, codec, signal);
        await writeFile(`${file}.part`, JSON.stringify({ machine, speeds }), { mode: 0o600 });
        await rename(`${file}.part`, file);
      }
    },
  };
}

/** Half of the processors at work. Windows does not tell, and is taken for idle. */
function isBusy(): boolean {
  return (loadavg()[0] ?? 0) > availableParallelism() / 2;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A power cut in the middle of a write: it is measured again.
    return null;
  }
}
