import type { Device, DeviceName, MadeCodec, Turn } from './hardware/device.ts';
import {
  type PictureTask,
  PLACEBO_DEVICE,
  processorFilters,
  TONEMAP,
  tenBits,
  wholePictures,
} from './picture-filters.ts';
import { SOFTWARE_ENCODERS, softwareOptions } from './software.ts';

/** One way to make a rendition's pictures, as parts of ffmpeg's argv. */
export interface VideoWay {
  /** Its name in logs, and the one by which its failures are remembered. */
  name: string;
  /** The chip that it takes an encoding session of; null on the processor. */
  device: DeviceName | null;
  /** Options before the input. */
  open: readonly string[];
  /** Filters before the pictures are put on the grid. */
  before: readonly string[];
  /** Filters after that. Where the pictures are in the processor's memory then, others may be painted over them. */
  after: readonly string[];
  /** The last filter: the pixel format, or the way onto the device. */
  last: string;
  /** Whether pictures can be repeated where the file's end too early: not in a device's memory. */
  pads: boolean;
  /** The encoder and its options. */
  encode: readonly string[];
}

/** What was found of one device: filters by name, null where none works. */
export interface DeviceAbility {
  deinterlace: string | null;
  tonemap: string | null;
  /** The variant of the encoder's options that worked. */
  variant: readonly string[];
}

/**
 * Decodes, weaves, turns, scales, tone-maps and encodes without the pictures leaving the device, but for tone
 * mapping where it cannot do that itself. Null where the device lacks something that the task needs.
 */
export function wholeWay(device: Device, ability: DeviceAbility, task: PictureTask, turn: Turn | 0): VideoWay | null {
  const { source, rendition } = task;
  const ten = tenBits(task);
  const weave = device.deinterlace.find(({ name }) => name === ability.deinterlace);
  const tonemap = device.tonemap.find(({ name }) => name === ability.tonemap);
  // Subtitles are painted over pictures that the processor has.
  if (rendition.burnIn !== undefined) return null;
  // What lies in a device's memory is cut at its right and lower edge alone.
  if (source.cropped) return null;
  if (rendition.deinterlace && !weave) return null;
  if (turn !== 0 && !device.turn) return null;
  if (source.bitDepth > 8 && !device.tenBits) return null;
  const before = [
    // Pictures that the chip could not decode come from the processor.
    device.upload,
    ...(rendition.deinterlace && weave ? [weave.text] : []),
    ...(turn !== 0 && device.turn ? [device.turn(turn)] : []),
  ];
  const scale = device.scale(rendition, ten || rendition.tonemap);
  const onProcessor = ['hwdownload', 'format=p010le', TONEMAP, device.handOver(false)];
  const flat = rendition.tonemap ? (tonemap ? [tonemap.text] : onProcessor) : [];
  return {
    name: `${device.name}/whole/${source.codec}-${source.bitDepth}`,
    device: device.name,
    // ffmpeg's own turning works on the processor's pictures only.
    open: [...device.open, ...device.decode, '-noautorotate'],
    before,
    after: [scale, ...flat],
    last: 'setsar=1',
    pads: false,
    encode: encoderOf(device, ability, task, ten),
  };
}

/** Everything but the encoding on the processor. */
export function encodingWay(device: Device, ability: DeviceAbility, task: PictureTask): VideoWay {
  const ten = tenBits(task);
  return {
    name: `${device.name}/encode`,
    device: device.name,
    open: device.open,
    before: wholePictures(task),
    after: processorFilters(task, false),
    last: device.handOver(ten),
    pads: true,
    encode: encoderOf(device, ability, task, ten),
  };
}

/** Everything on the processor; tone mapping by way of Vulkan where that is said to work. */
export function softwareWay(task: PictureTask, preset: string, usePlacebo: boolean): VideoWay {
  const { rendition } = task;
  const codec = rendition.codec as MadeCodec;
  const ten = tenBits(task);
  const vulkan = rendition.tonemap && usePlacebo;
  return {
    name: vulkan ? `${SOFTWARE_ENCODERS[codec]}/vulkan` : SOFTWARE_ENCODERS[codec],
    device: null,
    open: vulkan ? PLACEBO_DEVICE : [],
    before: wholePictures(task),
    after: processorFilters(task, vulkan),
    last: ten ? 'format=yuv420p10le' : 'format=yuv420p',
    pads: true,
    encode: [
      ...['-c:v', SOFTWARE_ENCODERS[codec], ...softwareOptions(codec, { bitrate: rendition.bitrate, preset, ten })],
      ...(codec === 'h264' ? h264Profile(rendition.codecs) : []),
    ],
  };
}

/** Without a level: each chip names those in its own way, and by itself takes the lowest that fits, as is announced. */
function encoderOf(device: Device, ability: DeviceAbility, { rendition }: PictureTask, ten: boolean): string[] {
  const codec = rendition.codec as MadeCodec;
  const lesser = codec === 'h264' ? h264Name(rendition.codecs) : 'high';
  return [
    ...['-c:v', String(device.encoders[codec]), ...device.options(codec, rendition, ten), ...ability.variant],
    // Of an option that is said twice the last one counts.
    ...(lesser === 'high' ? [] : ['-profile:v', (lesser === 'baseline' && device.baseline) || lesser]),
  ];
}

/** The name that most encoders have for the profile of a codec string. */
function h264Name(codecs: string): string {
  const idc = /^avc1\.([0-9a-f]{2})/i.exec(codecs)?.[1]?.toLowerCase() ?? '64';
  return { '42': 'baseline', '4d': 'main', '64': 'high' }[idc] ?? 'high';
}

function h264Profile(codecs: string): string[] {
  const level = /^avc1\.[0-9a-f]{4}([0-9a-f]{2})$/i.exec(codecs)?.[1];
  const profile = ['-profile:v', h264Name(codecs)];
  return level === undefined ? profile : [...profile, '-level', (Number.parseInt(level, 16) / 10).toFixed(1)];
}
