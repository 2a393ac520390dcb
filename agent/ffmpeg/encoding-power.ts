import type { VideoRendition } from '../../shared/media/plan.ts';
import { type Device, type DeviceName, MADE_CODECS, type MadeCodec, type Turn } from './hardware/device.ts';
import { deviceEncoder, deviceNamed } from './hardware/devices.ts';
import type { PictureTask } from './picture-filters.ts';
import { SOFTWARE_ENCODERS } from './software.ts';
import { encodingWay, softwareWay, type VideoWay, wholeWay } from './video-way.ts';

/** What one chip was found to do. */
export interface DevicePower {
  device: DeviceName;
  /** Codecs that it encodes; `whole` where pictures may stay in its memory all the way. */
  codecs: readonly { codec: MadeCodec; whole: boolean; variant: readonly string[] }[];
  /** Names of the filters that work there. */
  deinterlace: string | null;
  tonemap: string | null;
}

/** What this machine makes pictures with. */
export interface EncodingPower {
  /** Best first. */
  devices: readonly DevicePower[];
  /** Codecs that the processor encodes, were it only in need. */
  software: readonly MadeCodec[];
  /** Whether libplacebo works on a graphics card. */
  placebo: boolean;
}

/** All ways to make a rendition here, best first; empty where the machine cannot make its codec. */
export function waysOf(power: EncodingPower, task: PictureTask, preset: string): VideoWay[] {
  const codec = madeCodec(task.rendition.codec);
  if (!codec) return [];
  const turn = (((task.source.rotation % 360) + 360) % 360) as Turn | 0;
  const ways: VideoWay[] = [];
  for (const found of power.devices) {
    const able = found.codecs.find((each) => each.codec === codec);
    if (!able) continue;
    const device: Device = deviceNamed(found.device);
    const ability = { deinterlace: found.deinterlace, tonemap: found.tonemap, variant: able.variant };
    const whole = able.whole ? wholeWay(device, ability, task, turn) : null;
    if (whole) ways.push(whole);
    ways.push(encodingWay(device, ability, task));
  }
  if (power.software.includes(codec)) {
    if (task.rendition.tonemap && power.placebo) ways.push(softwareWay(task, preset, true));
    ways.push(softwareWay(task, preset, false));
  }
  return ways;
}

/** Names of the encoders, as an agent tells the edge: chips first. Of the processor's only those that are `allowed`. */
export function encoderNames(power: EncodingPower, allowed: readonly MadeCodec[]): string[] {
  const chips = power.devices.flatMap(({ device, codecs }) =>
    codecs.map(({ codec }) => deviceNamed(device).encoders[codec]),
  );
  const processor = allowed.filter((codec) => power.software.includes(codec)).map((codec) => SOFTWARE_ENCODERS[codec]);
  return [...new Set([...chips, ...processor])].filter((name) => name !== undefined);
}

/** The power of a machine of which only its encoders' names are known: its chips do all that they might. */
export function powerOf(names: readonly string[]): EncodingPower {
  const devices = new Map<DeviceName, DevicePower>();
  for (const name of names) {
    const known = deviceEncoder(name);
    if (!known) continue;
    const { deinterlace, tonemap } = deviceNamed(known.device);
    const before = devices.get(known.device);
    devices.set(known.device, {
      device: known.device,
      codecs: [...(before?.codecs ?? []), { codec: known.codec, whole: true, variant: [] }],
      deinterlace: deinterlace[0]?.name ?? null,
      tonemap: tonemap[0]?.name ?? null,
    });
  }
  const software = MADE_CODECS.filter((codec) => names.includes(SOFTWARE_ENCODERS[codec]));
  return { devices: [...devices.values()], software, placebo: false };
}

function madeCodec(codec: VideoRendition['codec']): MadeCodec | null {
  return MADE_CODECS.find((each) => each === codec) ?? null;
}
