import type { Device, DeviceFilter, MadeCodec } from './device.ts';
import { MADE_CODECS } from './device.ts';
import { ALL_DEVICES } from './devices.ts';
import type { DeviceTrial } from './explain.ts';
import { factsOf } from './facts.ts';
import { deinterlaceTrial, encodingTrial, tonemapTrial, wholeTrial } from './trial-arguments.ts';

/** Runs ffmpeg with an argv: whether it ended well, and the end of what it said. Never rejects. */
export type Attempt = (args: readonly string[]) => Promise<{ well: boolean; said: string }>;

/** Tries every kind of chip that may be here, each on its own. */
export async function tryDevices(
  attempt: Attempt,
  listed: { encoders: string; filters: string },
  facts: typeof factsOf = factsOf,
): Promise<{ device: Device; trial: DeviceTrial }[]> {
  return Promise.all(
    ALL_DEVICES.map(async (device) => ({
      device,
      trial: await tryDevice(device, attempt, listed, await facts(device.name)),
    })),
  );
}

/** One after the other: a consumer card has few sessions, and a driver that hangs should not hang many times. */
async function tryDevice(
  device: Device,
  attempt: Attempt,
  listed: { encoders: string; filters: string },
  facts: DeviceTrial['facts'],
): Promise<DeviceTrial> {
  const has = (list: string, name: string | undefined) => name !== undefined && list.includes(` ${name} `);
  const built = MADE_CODECS.filter((codec) => has(listed.encoders, device.encoders[codec]));
  const nothing: DeviceTrial = { facts, built, codecs: [], deinterlace: null, tonemap: null, said: '' };
  if (!facts.possible || built.length === 0 || (facts.node && facts.node.state !== 'ok')) return nothing;
  const codecs: { codec: MadeCodec; whole: boolean; variant: readonly string[] }[] = [];
  let said = '';
  for (const codec of built) {
    const found = await tryCodec(device, codec, attempt);
    if ('said' in found) said ||= found.said;
    else codecs.push(found);
    // Where not even H.264 is encoded, nothing else is.
    if (codec === 'h264' && codecs.length === 0) break;
  }
  const whole = codecs.find((each) => each.whole);
  const works = async (
    filters: readonly DeviceFilter[],
    args: (filter: DeviceFilter, codec: MadeCodec, variant: readonly string[]) => string[],
  ) => {
    for (const filter of whole ? filters.filter(({ name }) => has(listed.filters, name)) : []) {
      if (whole && (await attempt(args(filter, whole.codec, whole.variant))).well) return filter.name;
    }
    return null;
  };
  return {
    ...{ facts, built, codecs, said },
    deinterlace: await works(device.deinterlace, (...how) => deinterlaceTrial(device, ...how)),
    tonemap: await works(device.tonemap, (...how) => tonemapTrial(device, ...how)),
  };
}

async function tryCodec(
  device: Device,
  codec: MadeCodec,
  attempt: Attempt,
): Promise<{ codec: MadeCodec; whole: boolean; variant: readonly string[] } | { said: string }> {
  let said = '';
  for (const whole of [true, false]) {
    for (const variant of device.variants) {
      const tried = await attempt((whole ? wholeTrial : encodingTrial)(device, codec, variant));
      if (tried.well) return { codec, whole, variant };
      said = tried.said;
    }
  }
  return { said };
}
