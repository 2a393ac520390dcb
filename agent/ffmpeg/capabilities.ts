import { arch, availableParallelism, hostname, platform, totalmem } from 'node:os';
import { isHardwareEncoder } from '../../shared/media/encoders.ts';
import type { Capabilities } from '../../shared/protocol/capabilities.ts';
import { type EncodingPower, encoderNames } from './encoding-power.ts';
import { type Attempt, tryDevices } from './hardware/detect.ts';
import { MADE_CODECS, type MadeCodec } from './hardware/device.ts';
import { type Explanation, explain } from './hardware/explain.ts';
import type { Binaries } from './locate.ts';
import { graphicsCards } from './machine-facts.ts';
import { PLACEBO_DEVICE, placebo } from './picture-filters.ts';
import { run } from './process.ts';
import { SOFTWARE_ENCODERS, softwareOptions } from './software.ts';

/** Asking ffmpeg for its version or its list takes 30 ms; a disk that sleeps takes longer. */
const LIST_TIMEOUT_MS = 10_000;
/** A driver that takes longer to make a few small pictures is not one to rely on. */
const TRIAL_TIMEOUT_MS = 5_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_SLOTS = 16;
/** Sessions that even a small graphics unit encodes at once. */
const HARDWARE_SLOTS = 4;

/** All that is known of this machine's way with pictures. */
export interface Machine {
  capabilities: Capabilities;
  power: EncodingPower;
  /** Of each kind of chip that might be here, what was found and why not. */
  explanations: { title: string; explanation: Explanation }[];
}

/**
 * What this machine can do, found out by trying. Without ffmpeg it can still serve files as they are. The processor
 * makes H.264. Never rejects: what cannot be found out is absent.
 */
export async function detectMachine(binaries: Binaries | null): Promise<Machine> {
  const [version, found, gpus] = await Promise.all([
    binaries ? ffmpegVersion(binaries.ffmpeg) : null,
    binaries ? encodingPower(binaries.ffmpeg) : { power: NO_POWER, explanations: [], paintsText: false },
    graphicsCards(),
  ]);
  const { power, explanations, paintsText } = found;
  const videoEncoders = encoderNames(power, ['h264']);
  const cpus = Math.max(1, availableParallelism());
  const capabilities: Capabilities = {
    platform: platform().slice(0, 40),
    arch: arch().slice(0, 20),
    hostname: hostname().slice(0, 255),
    cpus,
    memoryBytes: totalmem(),
    ffmpeg: version,
    videoEncoders,
    gpus,
    transcodeSlots: version === null ? 0 : slotsOf(cpus, videoEncoders),
    ...(paintsText ? { paintsText } : {}),
  };
  return { capabilities, power, explanations };
}

const NO_POWER: EncodingPower = { devices: [], software: [], placebo: false };

/** Sessions at once: 1080p to 720p takes about half a core of a current machine, with room for the rest. */
export function slotsOf(cpus: number, videoEncoders: readonly string[]): number {
  if (videoEncoders.length === 0) return 0;
  return Math.min(MAX_SLOTS, Math.max(1, cpus, videoEncoders.some(isHardwareEncoder) ? HARDWARE_SLOTS : 0));
}

async function ffmpegVersion(ffmpeg: string): Promise<string | null> {
  const output = await outputOf(ffmpeg, ['-hide_banner', '-version']);
  return /^ffmpeg version (\S{1,100})/.exec(output)?.[1] ?? null;
}

/** What really made pictures here, best first. */
async function encodingPower(
  ffmpeg: string,
): Promise<Pick<Machine, 'power' | 'explanations'> & { paintsText: boolean }> {
  const [encoders, filters] = await Promise.all([
    outputOf(ffmpeg, ['-hide_banner', '-encoders']),
    outputOf(ffmpeg, ['-hide_banner', '-filters']),
  ]);
  const attempt: Attempt = (args) => tried(ffmpeg, args);
  const [trials, software, vulkan] = await Promise.all([
    tryDevices(attempt, { encoders, filters }),
    Promise.all(
      MADE_CODECS.map(async (codec) => ({
        codec,
        well: encoders.includes(` ${SOFTWARE_ENCODERS[codec]} `) && (await attempt(softwareTrial(codec))).well,
      })),
    ),
    filters.includes(' libplacebo ') ? attempt(PLACEBO_TRIAL) : null,
  ]);
  const devices = trials
    .filter(({ trial }) => trial.codecs.length > 0)
    .map(({ device, trial: { codecs, deinterlace, tonemap } }) => ({
      device: device.name,
      codecs,
      deinterlace,
      tonemap,
    }));
  return {
    // Where ffmpeg was built with libass.
    paintsText: filters.includes(' subtitles '),
    power: {
      devices,
      software: software.filter(({ well }) => well).map(({ codec }) => codec),
      // A processor that plays graphics card is slower at it than zscale is.
      placebo: vulkan?.well === true && !/llvmpipe|lavapipe|swiftshader|\(software\)/i.test(vulkan.said),
    },
    explanations: trials.flatMap(({ device, trial }) => {
      const explanation = explain(device, trial);
      return explanation ? [{ title: device.title, explanation }] : [];
    }),
  };
}

function softwareTrial(codec: MadeCodec): string[] {
  const options = softwareOptions(codec, { bitrate: 1_000_000, preset: 'ultrafast', ten: false });
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'color=black:size=128x128:rate=25'],
    ...['-frames:v', '2', '-vf', 'format=yuv420p', '-c:v', SOFTWARE_ENCODERS[codec], ...options, '-f', 'null', '-'],
  ];
}

/** Verbose, since only there it says which card it took. */
const PLACEBO_TRIAL = [
  ...['-hide_banner', '-nostdin', '-loglevel', 'verbose', ...PLACEBO_DEVICE, '-f', 'lavfi'],
  ...['-i', 'color=gray:size=256x144:rate=25', '-frames:v', '2', '-vf', placebo({ width: 128, height: 72 }).join(',')],
  ...['-f', 'null', '-'],
];

async function tried(ffmpeg: string, args: readonly string[]): Promise<{ well: boolean; said: string }> {
  const limits = { timeoutMs: TRIAL_TIMEOUT_MS, maxStdoutBytes: MAX_OUTPUT_BYTES };
  const result = await run(ffmpeg, args, limits).catch(() => null);
  if (!result) return { well: false, said: '' };
  const said = result.limited ? `It did not answer within ${TRIAL_TIMEOUT_MS / 1000} s.` : result.stderr;
  return { well: result.code === 0 && !result.limited, said };
}

async function outputOf(ffmpeg: string, args: readonly string[]): Promise<string> {
  const limits = { timeoutMs: LIST_TIMEOUT_MS, maxStdoutBytes: MAX_OUTPUT_BYTES };
  const result = await run(ffmpeg, args, limits).catch(() => null);
  return result?.code === 0 ? result.stdout.toString('utf8') : '';
}
