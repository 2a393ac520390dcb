import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { chosenRoots } from './config/chosen-roots.ts';
import { type ConfigFile, readConfigFile } from './config/file.ts';
import type { Flags } from './config/flags.ts';
import { FILE_NAMES, type Held, type HeldSettings, resolveSettings } from './config/resolve.ts';
import { type DirectConfig, directOf } from './direct/config.ts';
import { AgentError, EXIT } from './exit-codes.ts';
import type { MadeCodec } from './ffmpeg/hardware/device.ts';
import { type RootConfig, storedRoots } from './library/roots.ts';
import type { Mapping } from './playback/borrowing/mapped-file.ts';

export type { Flags } from './config/flags.ts';

const GIGABYTE = 1024 ** 3;

const BYTES_PER_MEGABIT = 1_000_000 / 8;

export interface AgentConfig {
  /** Origin of the edge; null when only the identity knows it. */
  edge: string | null;
  dataDir: string;
  /** The configuration file that was looked for, whether it is there or not. */
  file: string;
  roots: RootConfig[];
  /** Below these an admin may choose folders from afar. */
  allow: string[];
  code: string | null;
  /** What people call this machine. */
  name: string;
  /** Of the local HTTP server on 127.0.0.1; 0 is off. */
  port: number;
  direct: DirectConfig;
  cacheBytes: number;
  /** Bytes a second that all viewers together may take of this machine's line; null is no limit. */
  uplinkLimit: number | null;
  /** Between two scans of everything: whatever watching missed is seen then. */
  rescanMs: number;
  /** Folders of other machines that this one has as folders of its own. */
  mappings: Mapping[];
  /** Viewers whose films this machine encodes at once; null is what it was found to be good for. */
  transcodeSlots: number | null;
  /** Codecs that the processor encodes beside H.264: they cost several times as much. */
  softwareCodecs: MadeCodec[];
  exitWithParent: boolean;
  json: boolean;
  logLevel: string;
  /** Where the log goes beside stdout; null is nowhere else. */
  logFile: string | null;
  update: {
    mode: 'automatic' | 'offered' | 'off';
    hours: string | null;
    channel: 'stable' | 'beta';
    key: string | null;
  };
  /** Every setting with where it came from; the folders as `roots`. */
  held: HeldSettings & { data: Held<string>; roots: Held<RootConfig[]> };
}

/**
 * Reads flags, environment and file, in that order of strength. Throws an AgentError (usage) whose sentence names
 * the flag, the variable or the line, and says what to write instead.
 */
export function readConfig(flags: Flags, env: NodeJS.ProcessEnv = process.env): AgentConfig {
  const early = flags.data ?? env.HEARTHCAST_DATA ?? join(envPaths('hearthcast', { suffix: '' }).data, 'agent');
  const path = resolve(flags.config ?? (env.HEARTHCAST_CONFIG || join(early, 'agent.toml')));
  const file = readConfigFile(path, FILE_NAMES);
  if (!file && flags.config) throw new AgentError(`There is no ${path}: check --config.`, EXIT.usage);
  const settings = resolveSettings(flags, env, file);
  const data = dataOf(flags, env, file, early);
  const roots = rootsOf(flags, env, file, data.value, settings.followLinks.value);
  const limit = settings.uplinkMbits.value;
  return {
    edge: settings.edge.value,
    dataDir: data.value,
    file: path,
    roots: roots.value,
    allow: settings.allow.value,
    code: (flags.code ?? env.HEARTHCAST_CODE)?.trim() || null,
    name: settings.name.value,
    port: settings.port.value,
    direct: directOf(settings),
    cacheBytes: settings.cacheGb.value * GIGABYTE,
    uplinkLimit: limit === null ? null : limit * BYTES_PER_MEGABIT,
    rescanMs: settings.rescanMinutes.value * 60_000,
    mappings: file?.mappings ?? [],
    transcodeSlots: settings.transcodeSlots.value,
    softwareCodecs: settings.softwareCodecs.value,
    exitWithParent: flags.exitWithParent ?? false,
    json: flags.json ?? false,
    logLevel: settings.logLevel.value,
    logFile: settings.logFile.value,
    update: {
      mode: settings.updateMode.value,
      hours: settings.updateHours.value,
      channel: settings.updateChannel.value,
      key: settings.updateKey.value,
    },
    held: { ...settings, data, roots },
  };
}

function dataOf(flags: Flags, env: NodeJS.ProcessEnv, file: ConfigFile | null, early: string): Held<string> {
  const said = file?.values.get('data');
  if (flags.data) return { value: resolve(flags.data), source: '--data' };
  if (env.HEARTHCAST_DATA) return { value: resolve(env.HEARTHCAST_DATA), source: 'HEARTHCAST_DATA' };
  if (file && said) return { value: resolve(String(said.value)), source: `${file.path}, line ${said.line}` };
  return { value: resolve(early), source: 'default' };
}

/**
 * The folders: those of the flags alone, else those of the environment alone (one a line), else those of the file
 * with those that were chosen by `roots add` or in the web app, else those of the last run.
 */
function rootsOf(
  flags: Flags,
  env: NodeJS.ProcessEnv,
  file: ConfigFile | null,
  dataDir: string,
  followLinks: boolean,
): Held<RootConfig[]> {
  if (flags.root?.length) return { value: flags.root.map((text) => parseRoot(text, followLinks)), source: '--root' };
  const lines = (env.HEARTHCAST_ROOTS ?? '').split('\n').filter((line) => line.trim());
  if (lines.length > 0) return { value: lines.map((text) => parseRoot(text, followLinks)), source: 'HEARTHCAST_ROOTS' };
  const written = (file?.roots ?? []).map((root) => ({
    ...parseRoot(root.library ? `${root.library}=${root.path}` : root.path, root.followLinks ?? followLinks),
  }));
  const chosen = chosenRoots(dataDir);
  if (chosen === null && written.length === 0) return { value: storedRoots(dataDir), source: 'the last run' };
  const added = (chosen ?? []).filter(({ path }) => !written.some((root) => root.path === path));
  const sources = [written.length > 0 && file ? file.path : null, added.length > 0 ? 'chosen' : null];
  return { value: [...written, ...added], source: sources.filter(Boolean).join(' and ') || 'default' };
}

/** "Movies=/srv/films" goes to the library "Movies"; a bare path to the one of its folder's name. */
export function parseRoot(text: string, followLinks: boolean): RootConfig {
  const named = /^([^/\\=]+)=(.+)$/s.exec(text);
  const path = resolve(named?.[2] ?? text);
  const library = named?.[1]?.trim() || basename(path) || path;
  return { path, library, followLinks };
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
