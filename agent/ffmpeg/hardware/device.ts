import type { VideoRendition } from '../../../shared/media/plan.ts';

/** Kinds of chips that decode, scale and encode, in the order in which they are preferred. */
export const DEVICE_NAMES = ['nvenc', 'qsv', 'videotoolbox', 'amf', 'vaapi', 'rkmpp'] as const;
export type DeviceName = (typeof DEVICE_NAMES)[number];

/** The codecs that pictures are encoded in. */
export type MadeCodec = Extract<VideoRendition['codec'], 'h264' | 'hevc' | 'av1'>;
export const MADE_CODECS = ['h264', 'hevc', 'av1'] as const satisfies readonly MadeCodec[];

/** Quarter turns clockwise that bring a picture upright. */
export type Turn = 90 | 180 | 270;

export interface Size {
  width: number;
  height: number;
}

/** Bits per second: the peak that the rendition announces. */
export interface Rate {
  bitrate: number;
}

/** A filter that works on the device's own pictures, by ffmpeg's name, and how it is written. */
export interface DeviceFilter {
  name: string;
  text: string;
}

/**
 * How ffmpeg is told to work on one kind of chip: parts of an argv, all pure. Filters take and give pictures that
 * lie in the device's memory.
 */
export interface Device {
  name: DeviceName;
  /** As people know it. */
  title: string;
  /** What ffmpeg calls pictures in the device's memory. */
  format: string;
  /** Options before the input: opens the device. */
  open: readonly string[];
  /** Options before the input: decodes there, and leaves the pictures there. */
  decode: readonly string[];
  /** Brings a picture there, and takes one that is there already as it is. */
  upload: string;
  /** The last filters before the encoder where the pictures are in the processor's memory. */
  handOver(ten: boolean): string;
  /** Weaves fields together, best first; empty where the device cannot. */
  deinterlace: readonly DeviceFilter[];
  scale(size: Size, ten: boolean): string;
  /** Null where the device cannot turn pictures. */
  turn: ((turn: Turn) => string) | null;
  /** HDR to SDR in eight bits, best first; empty where the device cannot. */
  tonemap: readonly DeviceFilter[];
  /** Whether it keeps ten bits on the way: an HDR picture can then be scaled there before it is tone-mapped. */
  tenBits: boolean;
  /** Encoders by codec. */
  encoders: Partial<Record<MadeCodec, string>>;
  /** What its H.264 encoder calls Baseline, where that is not `baseline`. */
  baseline?: string;
  /** Options of an encoder; forced keyframes must be ones that a decoder can begin at. */
  options(codec: MadeCodec, rate: Rate, ten: boolean): string[];
  /** Further options that some chips need and others refuse, tried in order at the start. */
  variants: readonly (readonly string[])[];
}

/** `-maxrate` and `-bufsize` of a peak: two seconds of it. */
export function limits({ bitrate }: Rate): string[] {
  return ['-maxrate', kbits(bitrate), '-bufsize', kbits(bitrate * 2)];
}

/** An average below the peak, for encoders that hold an average instead of a quality. */
export function averageAndLimits(rate: Rate): string[] {
  return ['-b:v', kbits(rate.bitrate * 0.8), ...limits(rate)];
}

export function profile(codec: MadeCodec, ten: boolean): string[] {
  if (codec === 'av1') return [];
  return ['-profile:v', codec === 'h264' ? 'high' : ten ? 'main10' : 'main'];
}

export function kbits(bits: number): string {
  return `${Math.max(1, Math.round(bits / 1000))}k`;
}
