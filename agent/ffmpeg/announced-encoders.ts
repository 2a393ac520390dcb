import type { AgentEvent } from '../../shared/protocol/frames.ts';
import type { AgentConfig } from '../config.ts';
import { type EncodingPower, encoderNames } from './encoding-power.ts';
import type { Binaries } from './locate.ts';
import { openSoftwareSpeeds } from './software-speed.ts';

/** The encoders that the edge is told of: chips, H.264, and what else the owner allowed and the processor is fast at. */
export interface AnnouncedEncoders {
  names(): string[];
  /** Finds out how fast the processor is, where that was never found out. Throws the signal's reason. */
  measure(signal: AbortSignal): Promise<void>;
}

/** An event as it goes to the edge: the load names the encoders, some of which are found out long after the hello. */
export function withEncoders(event: AgentEvent, encoders: AnnouncedEncoders | null): AgentEvent {
  return event.kind === 'capacity' && encoders ? { ...event, videoEncoders: encoders.names() } : event;
}

export async function announcedEncoders(options: {
  binaries: Binaries | null;
  config: Pick<AgentConfig, 'softwareCodecs' | 'dataDir'>;
  power: EncodingPower;
  /** ffmpeg's. */
  version: string | null;
  busy?: () => boolean;
}): Promise<AnnouncedEncoders> {
  const { binaries, config, power, version, busy } = options;
  const allowed = config.softwareCodecs.filter((codec) => power.software.includes(codec));
  if (!binaries || allowed.length === 0) return { names: () => encoderNames(power, ['h264']), measure: async () => {} };
  const speeds = await openSoftwareSpeeds({
    ...{ ffmpeg: binaries.ffmpeg, version, dataDir: config.dataDir },
    ...(busy ? { busy } : {}),
  });
  return {
    names: () => encoderNames(power, ['h264', ...speeds.fast(allowed)]),
    measure: (signal) => speeds.measure(allowed, signal),
  };
}
