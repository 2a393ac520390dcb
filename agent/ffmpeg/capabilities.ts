import { existsSync } from 'node:fs';
import { arch, availableParallelism, hostname, platform, totalmem } from 'node:os';
import type { Capabilities } from '../../shared/protocol/capabilities.ts';
import { encoderNamed, H264_ENCODERS, type VideoEncoder } from './encoders.ts';
import type { Binaries } from './locate.ts';
import { run } from './process.ts';

/** Asking ffmpeg for its version or its list takes 30 ms; a disk that sleeps takes longer. */
const LIST_TIMEOUT_MS = 10_000;
/** A driver that takes longer to make five small frames is not one to rely on. */
const PROBE_TIMEOUT_MS = 5_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** The start must not wait for a tool that lists graphics cards. */
const GPU_TIMEOUT_MS = 2_000;
const MAX_SLOTS = 16;
/** Sessions that even a small graphics unit encodes at once. */
const HARDWARE_SLOTS = 4;

/**
 * What this machine can do, found out by trying. Without ffmpeg it can still serve files as they are.
 * Never throws: what cannot be found out is absent.
 */
export async function detectCapabilities(binaries: Binaries | null): Promise<Capabilities> {
  const [version, videoEncoders, gpus] = await Promise.all([
    binaries ? ffmpegVersion(binaries.ffmpeg) : null,
    binaries ? workingEncoders(binaries.ffmpeg) : [],
    graphicsCards(),
  ]);
  const cpus = Math.max(1, availableParallelism());
  return {
    platform: platform().slice(0, 40),
    arch: arch().slice(0, 20),
    hostname: hostname().slice(0, 255),
    cpus,
    memoryBytes: totalmem(),
    ffmpeg: version,
    videoEncoders,
    gpus,
    transcodeSlots: version === null ? 0 : slotsOf(cpus, videoEncoders),
  };
}

/** Sessions at once: 1080p to 720p takes about half a core of a current machine, with room for the rest. */
export function slotsOf(cpus: number, videoEncoders: readonly string[]): number {
  if (videoEncoders.length === 0) return 0;
  const hardware = videoEncoders.some((name) => name !== 'libx264');
  return Math.min(MAX_SLOTS, Math.max(1, cpus, hardware ? HARDWARE_SLOTS : 0));
}

async function ffmpegVersion(ffmpeg: string): Promise<string | null> {
  const output = await outputOf(ffmpeg, ['-hide_banner', '-version']);
  return /^ffmpeg version (\S{1,100})/.exec(output)?.[1] ?? null;
}

/** Encoders that really made frames here, best first. */
async function workingEncoders(ffmpeg: string): Promise<string[]> {
  const listed = await outputOf(ffmpeg, ['-hide_banner', '-encoders']);
  const candidates = H264_ENCODERS.filter(({ name }) => listed.includes(` ${name} `) && plausible(name));
  const works = await Promise.all(candidates.map((encoder) => encodes(ffmpeg, encoder)));
  return candidates.filter((_, i) => works[i]).map(({ name }) => name);
}

/** Whether a device for this encoder may be there at all: a try without one takes seconds on some drivers. */
function plausible(name: string): boolean {
  switch (name) {
    case 'h264_nvenc':
      return platform() === 'win32' || existsSync('/dev/nvidiactl');
    case 'h264_vaapi':
      return existsSync('/dev/dri/renderD128');
    case 'h264_qsv':
      return platform() === 'win32' || existsSync('/dev/dri/renderD128');
    case 'h264_videotoolbox':
      return platform() === 'darwin';
    default:
      return encoderNamed(name) !== null;
  }
}

async function encodes(ffmpeg: string, encoder: VideoEncoder): Promise<boolean> {
  const args = [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', ...encoder.device],
    ...['-f', 'lavfi', '-i', 'color=black:size=320x240:rate=25', '-frames:v', '5', '-vf', encoder.upload],
    ...['-c:v', encoder.name, ...encoder.options({ bitrate: 1_000_000, preset: 'ultrafast' }), '-f', 'null', '-'],
  ];
  const limits = { timeoutMs: PROBE_TIMEOUT_MS, maxStdoutBytes: MAX_OUTPUT_BYTES };
  const result = await run(ffmpeg, args, limits).catch(() => null);
  return result !== null && result.code === 0 && !result.limited;
}

async function outputOf(ffmpeg: string, args: readonly string[]): Promise<string> {
  const limits = { timeoutMs: LIST_TIMEOUT_MS, maxStdoutBytes: MAX_OUTPUT_BYTES };
  const result = await run(ffmpeg, args, limits).catch(() => null);
  return result?.code === 0 ? result.stdout.toString('utf8') : '';
}

/** Names of the graphics cards. The library is loaded only here: it costs 20 ms of the start otherwise. */
async function graphicsCards(): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), GPU_TIMEOUT_MS);
  });
  try {
    const { graphics } = await import('systeminformation');
    const found = await Promise.race([graphics(), late]);
    const names = (found?.controllers ?? []).map(({ vendor, model }) => `${vendor} ${model}`.trim().slice(0, 200));
    return names.filter((name) => name.length > 0).slice(0, 16);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
