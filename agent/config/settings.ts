import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { MAX_DIRECT_ADDRESSES } from '../../shared/protocol/direct.ts';
import { CHANNELS, ReleaseKey } from '../../shared/protocol/release.ts';
import { UPDATE_MODES } from '../../shared/protocol/updates.ts';
import { MADE_CODECS, type MadeCodec } from '../ffmpeg/hardware/device.ts';
import type { Flags } from './flags.ts';
import { parseHours } from './hours.ts';

/** What is wrong with a value, without the name of where it stands. */
export class BadValue extends Error {}

/** One thing that an owner can set: by a flag, else by the environment, else in the file. */
interface Setting<T> {
  flag: keyof Flags | null;
  env: string;
  /** Dotted name in the file. */
  file: string;
  initial: T;
  /** From text of a flag or the environment, or a value of the file. Throws BadValue. */
  parse(value: unknown): T;
  /** Taken over by a running agent; the others from its next start on. */
  live: boolean;
}

const setting = <T>(one: Setting<T>): Setting<T> => one;

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Every setting but the folders, which are a list of their own. */
export const SETTINGS = {
  edge: setting<string | null>({
    ...{ flag: 'edge', env: 'HEARTHCAST_EDGE', file: 'edge', initial: null, live: false },
    parse: originOf,
  }),
  name: setting<string>({
    ...{
      flag: 'name',
      env: 'HEARTHCAST_NAME',
      file: 'name',
      initial: (hostname() || 'Agent').slice(0, 100),
      live: false,
    },
    parse: (value) => text(value).slice(0, 100),
  }),
  port: setting<number>({
    ...{ flag: 'port', env: 'HEARTHCAST_PORT', file: 'port', initial: 0, live: false },
    parse: portOf,
  }),
  cacheGb: setting<number>({
    ...{ flag: 'cacheGb', env: 'HEARTHCAST_CACHE_GB', file: 'cache_gb', initial: 4, live: false },
    parse: (value) => numberIn(value, 0.1, 10_000),
  }),
  uplinkMbits: setting<number | null>({
    ...{ flag: 'uplinkLimit', env: 'HEARTHCAST_UPLINK_LIMIT', file: 'uplink_limit', initial: null, live: true },
    parse: (value) => numberIn(value, 0.1, 100_000),
  }),
  rescanMinutes: setting<number>({
    ...{ flag: 'rescanMinutes', env: 'HEARTHCAST_RESCAN_MINUTES', file: 'rescan_minutes', initial: 60, live: true },
    parse: (value) => numberIn(value, 5, 120),
  }),
  transcodeSlots: setting<number | null>({
    ...{
      flag: 'transcodeSlots',
      env: 'HEARTHCAST_TRANSCODE_SLOTS',
      file: 'transcode_slots',
      initial: null,
      live: false,
    },
    parse: (value) => Math.floor(numberIn(value, 0, 64)),
  }),
  softwareCodecs: setting<MadeCodec[]>({
    ...{
      flag: 'softwareCodecs',
      env: 'HEARTHCAST_SOFTWARE_CODECS',
      file: 'software_codecs',
      initial: [],
      live: false,
    },
    parse: (value) => codecs(value),
  }),
  followLinks: setting<boolean>({
    ...{ flag: 'followLinks', env: 'HEARTHCAST_FOLLOW_LINKS', file: 'follow_links', initial: false, live: true },
    parse: switchOf,
  }),
  logLevel: setting<(typeof LEVELS)[number]>({
    ...{ flag: 'logLevel', env: 'HEARTHCAST_LOG_LEVEL', file: 'log_level', initial: 'info', live: true },
    parse: (value) => oneOf(value, LEVELS),
  }),
  logFile: setting<string | null>({
    ...{ flag: 'logFile', env: 'HEARTHCAST_LOG_FILE', file: 'log_file', initial: null, live: false },
    parse: (value) => (text(value) === 'none' ? null : resolve(text(value))),
  }),
  allow: setting<string[]>({
    ...{ flag: 'allow', env: 'HEARTHCAST_ALLOW', file: 'allow', initial: [], live: true },
    parse: (value) => folders(value),
  }),
  directPort: setting<number>({
    ...{ flag: 'directPort', env: 'HEARTHCAST_DIRECT_PORT', file: 'direct.port', initial: 0, live: true },
    parse: portOf,
  }),
  directListen: setting<string | null>({
    ...{ flag: 'directListen', env: 'HEARTHCAST_DIRECT_LISTEN', file: 'direct.listen', initial: null, live: true },
    parse: (value) => text(value),
  }),
  directAddresses: setting<string[]>({
    ...{
      flag: 'directAddress',
      env: 'HEARTHCAST_DIRECT_ADDRESSES',
      file: 'direct.addresses',
      initial: [],
      live: true,
    },
    parse: (value) => addresses(value),
  }),
  directCertificate: setting<string | null>({
    ...{ flag: 'directCertificate', env: 'HEARTHCAST_DIRECT_CERTIFICATE', file: 'direct.certificate', initial: null },
    ...{ live: true, parse: (value) => resolve(text(value)) },
  }),
  directKey: setting<string | null>({
    ...{ flag: 'directKey', env: 'HEARTHCAST_DIRECT_KEY', file: 'direct.key', initial: null, live: true },
    parse: (value) => resolve(text(value)),
  }),
  updateMode: setting<(typeof UPDATE_MODES)[number]>({
    ...{ flag: null, env: 'HEARTHCAST_UPDATE', file: 'update.mode', initial: 'offered', live: true },
    parse: (value) => oneOf(value, UPDATE_MODES),
  }),
  updateHours: setting<string | null>({
    ...{ flag: null, env: 'HEARTHCAST_UPDATE_HOURS', file: 'update.hours', initial: null, live: true },
    parse: (value) => {
      if (!parseHours(text(value))) throw new BadValue('is a time of day such as "02:00-05:00"');
      return text(value);
    },
  }),
  updateChannel: setting<(typeof CHANNELS)[number]>({
    ...{ flag: null, env: 'HEARTHCAST_UPDATE_CHANNEL', file: 'update.channel', initial: 'stable', live: true },
    parse: (value) => oneOf(value, CHANNELS),
  }),
  updateKey: setting<string | null>({
    ...{ flag: null, env: 'HEARTHCAST_UPDATE_KEY', file: 'update.key', initial: null, live: true },
    parse: (value) => {
      if (!ReleaseKey.safeParse(value).success) throw new BadValue('is the public key that install.sh writes');
      return text(value);
    },
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type SettingValues = { [N in SettingName]: ReturnType<(typeof SETTINGS)[N]['parse']> };

function text(value: unknown): string {
  const parsed = z.string().trim().min(1).safeParse(value);
  if (!parsed.success) throw new BadValue('is a text');
  return parsed.data;
}

function oneOf<const T extends readonly string[]>(value: unknown, options: T): T[number] {
  if (!options.includes(value as string)) throw new BadValue(`is one of ${options.join(', ')}`);
  return value as T[number];
}

/** `true` of a file or a flag; what people write in the environment for it. */
function switchOf(value: unknown): boolean {
  if (value === true || value === 'true' || value === '1') return true;
  if (value === false || value === 'false' || value === '0') return false;
  throw new BadValue(`is true or false, not ${JSON.stringify(value)}`);
}

function portOf(value: unknown): number {
  const port = numberIn(value, 0, 65_535);
  if (!Number.isInteger(port)) throw new BadValue(`is a port from 0 to 65535, not ${JSON.stringify(value)}`);
  return port;
}

function numberIn(value: unknown, least: number, most: number): number {
  const isText = typeof value === 'string' && value.trim() !== '';
  // Else `true` of a file would be a 1, and a list of one number that number.
  const number = isText || typeof value === 'number' ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw new BadValue(`is a number from ${least} to ${most}, not ${JSON.stringify(value)}`);
  }
  return number;
}

/** A list, or in the environment one folder a line. */
function folders(value: unknown): string[] {
  const list = typeof value === 'string' ? value.split('\n').filter((line) => line.trim()) : value;
  const parsed = z.array(z.string().min(1)).max(64).safeParse(list);
  if (!parsed.success) throw new BadValue('is a list of folders');
  return parsed.data.map((folder) => resolve(folder.trim()));
}

/** A list, or a text with commas. */
function codecs(value: unknown): MadeCodec[] {
  const list = typeof value === 'string' ? value.split(',').map((name) => name.trim().toLowerCase()) : value;
  const parsed = z.array(z.string()).safeParse(list);
  if (!parsed.success) throw new BadValue(`is a list of ${MADE_CODECS.join(', ')}`);
  return parsed.data.filter(Boolean).map((name) => oneOf(name, MADE_CODECS));
}

/** A list, or in the environment with commas or one a line. */
function addresses(value: unknown): string[] {
  const list = typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value;
  const parsed = z.array(z.string().min(1)).max(MAX_DIRECT_ADDRESSES).safeParse(list);
  if (!parsed.success) throw new BadValue(`is a list of at most ${MAX_DIRECT_ADDRESSES} addresses`);
  return parsed.data.map((address) => {
    const url = URL.parse(address);
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new BadValue(`has addresses such as https://cellar.example:8788, not ${JSON.stringify(address)}`);
    }
    return url.origin;
  });
}

function originOf(value: unknown): string {
  const url = URL.parse(text(value)) ?? URL.parse(`https://${text(value)}`);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new BadValue(`is the address of a server, such as https://your-server.example, not ${JSON.stringify(value)}`);
  }
  return url.origin;
}
