import { AMF } from './amf.ts';
import { DEVICE_NAMES, type Device, type DeviceName, MADE_CODECS, type MadeCodec } from './device.ts';
import { NVENC } from './nvenc.ts';
import { quickSync } from './qsv.ts';
import { RKMPP } from './rkmpp.ts';
import { VAAPI } from './vaapi.ts';
import { VIDEOTOOLBOX } from './videotoolbox.ts';

const DEVICES: Record<DeviceName, Device> = {
  nvenc: NVENC,
  qsv: quickSync(process.platform),
  videotoolbox: VIDEOTOOLBOX,
  amf: AMF,
  vaapi: VAAPI,
  rkmpp: RKMPP,
};

/** Every kind of chip that is known here, best first. */
export const ALL_DEVICES: readonly Device[] = DEVICE_NAMES.map((name) => DEVICES[name]);

export function deviceNamed(name: DeviceName): Device {
  return DEVICES[name];
}

/** The device and codec of ffmpeg's encoder of this name; null for software and for what is not known here. */
export function deviceEncoder(encoder: string): { device: DeviceName; codec: MadeCodec } | null {
  for (const { name, encoders } of ALL_DEVICES) {
    const codec = MADE_CODECS.find((each) => encoders[each] === encoder);
    if (codec) return { device: name, codec };
  }
  return null;
}
