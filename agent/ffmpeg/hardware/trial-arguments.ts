import type { Device, DeviceFilter, MadeCodec } from './device.ts';

const QUIET = ['-hide_banner', '-nostdin', '-loglevel', 'error'];
/** Large enough for every chip (some refuse less than 256), small enough to take no time. */
const SIZE = { width: 640, height: 360 };
const FRAMES = '10';
const RATE = { bitrate: 1_000_000 };

/** What a picture of HDR10 says of itself, so that tone mapping has something to do. */
const HDR10 = 'setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv';

function trial(device: Device, codec: MadeCodec, filters: string[], variant: readonly string[]): string[] {
  return [
    ...[...QUIET, ...device.open, '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=25', '-frames:v', FRAMES],
    ...['-vf', filters.join(','), '-c:v', String(device.encoders[codec]), ...device.options(codec, RATE, false)],
    // As in a film: forced keyframes are what some encoders cannot do.
    ...[...variant, '-g', '9999', '-force_key_frames', '0.2', '-f', 'null', '-'],
  ];
}

/** argv that makes a few pictures all on the device: up, scaled, encoded. */
export function wholeTrial(device: Device, codec: MadeCodec, variant: readonly string[]): string[] {
  return trial(device, codec, [device.upload, device.scale(SIZE, false), 'setsar=1'], variant);
}

/** argv that only encodes there. */
export function encodingTrial(device: Device, codec: MadeCodec, variant: readonly string[]): string[] {
  return trial(device, codec, [`scale=${SIZE.width}:${SIZE.height}`, device.handOver(false)], variant);
}

/** argv that weaves fields on the device. */
export function deinterlaceTrial(
  device: Device,
  filter: DeviceFilter,
  codec: MadeCodec,
  variant: readonly string[],
): string[] {
  const woven = ['setfield=tff', device.upload, filter.text, device.scale(SIZE, false)];
  return trial(device, codec, woven, variant);
}

/** argv that makes HDR10 fit for an ordinary screen on the device. */
export function tonemapTrial(
  device: Device,
  filter: DeviceFilter,
  codec: MadeCodec,
  variant: readonly string[],
): string[] {
  return trial(device, codec, ['format=p010le', HDR10, device.upload, device.scale(SIZE, true), filter.text], variant);
}
