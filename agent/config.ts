import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { z } from 'zod';
import { AgentError, EXIT } from './exit-codes.ts';
import { MADE_CODECS, type MadeCodec } from './ffmpeg/hardware/device.ts';
import { type RootConfig, storedRoots } from './library/roots.ts';

const GIGABYTE = 1024 ** 3;

const BYTES_PER_MEGABIT = 1_000_000 / 8;

/** Options as the command line gives them; each can come from the environment instead. */
export interface Flags {
  edge?: string | undefined;
  data?: string | undefined;
  root?: string[] | undefined;
  code?: string | undefined;
  name?: string | undefined;
  port?: string | undefined;
  cacheGb?: string | undefined;
  uplinkLimit?: string | undefined;
  rescanMinutes?: string | undefined;
  softwareCodecs?: string | undefined;
  followLinks?: boolean | undefined;
  exitWithParent?: boolean | undefined;
  json?: boolean | undefined;
  logLevel?: string | undefined;
}

export interface AgentConfig {
  /** Origin of the edge; null when only the identity knows it. */
  edge: string | null;
  dataDir: string;
  roots: RootConfig[];
  code: string | null;
  /** What people call this machine. */
  name: string;
  /** Of the local HTTP server on 127.0.0.1; 0 is off. */
  port: number;
  cacheBytes: number;
  /** Bytes a second that all viewers together may take of this machine's line; null is no limit. */
  uplinkLimit: number | null;
  /** Between two scans of everything: whatever watching missed is seen then. */
  rescanMs: number;
  /** Codecs that the processor encodes beside H.264: they cost several times as much. */
  softwareCodecs: MadeCodec[];
  exitWithParent: boolean;
  json: boolean;
  logLevel: string;
}

const Level = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']);

/** Reads flags and environment. Throws an AgentError (usage) whose sentence says what to write instead. */
export function readConfig(flags: Flags, env: NodeJS.ProcessEnv = process.env): AgentConfig {
  const dataDir = resolve(
    flags.data ?? env.HEARTHCAST_DATA ?? join(envPaths('hearthcast', { suffix: '' }).data, 'agent'),
  );
  const followLinks = flags.followLinks ?? env.HEARTHCAST_FOLLOW_LINKS === '1';
  // Flags come first; then the environment, one root a line; then the folders of the last run.
  const named = flags.root?.length
    ? flags.root
    : (env.HEARTHCAST_ROOTS ?? '').split('\n').filter((line) => line.trim());
  const roots = named.map((text) => parseRoot(text, followLinks));
  const level = Level.safeParse(flags.logLevel ?? env.HEARTHCAST_LOG_LEVEL ?? 'info');
  if (!level.success) throw new AgentError(`--log-level is one of ${Level.options.join(', ')}.`, EXIT.usage);
  const edge = flags.edge ?? env.HEARTHCAST_EDGE;
  return {
    edge: edge ? originOf(edge) : null,
    dataDir,
    roots: roots.length > 0 ? roots : storedRoots(dataDir),
    code: (flags.code ?? env.HEARTHCAST_CODE)?.trim() || null,
    name: ((flags.name ?? env.HEARTHCAST_NAME)?.trim() || hostname() || 'Agent').slice(0, 100),
    port: numberIn(flags.port ?? env.HEARTHCAST_PORT ?? '0', '--port', 0, 65_535),
    cacheBytes: numberIn(flags.cacheGb ?? env.HEARTHCAST_CACHE_GB ?? '4', '--cache-gb', 0.1, 10_000) * GIGABYTE,
    uplinkLimit: uplinkLimitOf((flags.uplinkLimit ?? env.HEARTHCAST_UPLINK_LIMIT)?.trim() || null),
    rescanMs:
      numberIn(flags.rescanMinutes ?? env.HEARTHCAST_RESCAN_MINUTES ?? '60', '--rescan-minutes', 5, 120) * 60_000,
    softwareCodecs: codecsOf(flags.softwareCodecs ?? env.HEARTHCAST_SOFTWARE_CODECS ?? ''),
    exitWithParent: flags.exitWithParent ?? false,
    json: flags.json ?? false,
    logLevel: level.data,
  };
}

/** "Movies=/srv/films" goes to the library "Movies"; a bare path to the one of its folder's name. */
function parseRoot(text: string, followLinks: boolean): RootConfig {
  const named = /^([^/\\=]+)=(.+)$/s.exec(text);
  const path = resolve(named?.[2] ?? text);
  const library = named?.[1]?.trim() || basename(path) || path;
  return { path, library, followLinks };
}

/** "hevc,av1"; nothing is nothing. */
function codecsOf(text: string): MadeCodec[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  return names.filter(Boolean).map((name) => {
    const codec = MADE_CODECS.find((each) => each === name);
    if (codec) return codec;
    throw new AgentError(`--software-codecs is a list of ${MADE_CODECS.join(', ')}, not "${text}".`, EXIT.usage);
  });
}

/** From Mbit/s, as lines are sold, to bytes a second. */
function uplinkLimitOf(text: string | null): number | null {
  return text === null ? null : numberIn(text, '--uplink-limit', 0.1, 100_000) * BYTES_PER_MEGABIT;
}

function originOf(text: string): string {
  const url = URL.parse(text) ?? URL.parse(`https://${text}`);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new AgentError(`"${text}" is no address of a server: write --edge https://your-server.example`, EXIT.usage);
  }
  return url.origin;
}

function numberIn(text: string, option: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) {
    throw new AgentError(`${option} is a number from ${least} to ${most}, not "${text}".`, EXIT.usage);
  }
  return value;
}

/** Makes the data folder, for its owner only. Throws an AgentError when nothing can be written there. */
export function prepareDataDir(dataDir: string): void {
  try {
    if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const sentence = `The data folder ${dataDir} cannot be written (${code}): let this user write it, or choose another with --data.`;
    throw new AgentError(sentence, EXIT.failed, { cause });
  }
}
