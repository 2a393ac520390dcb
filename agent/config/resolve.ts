import { AgentError, EXIT } from '../exit-codes.ts';
import type { ConfigFile } from './file.ts';
import type { Flags } from './flags.ts';
import { BadValue, SETTINGS, type SettingName, type SettingValues } from './settings.ts';

/** A value that holds, and in words where it came from. */
export interface Held<T = unknown> {
  value: T;
  source: string;
}

export type HeldSettings = { [N in SettingName]: Held<SettingValues[N]> };

/** The names that a configuration file may use. */
export const FILE_NAMES: ReadonlySet<string> = new Set(['data', ...Object.values(SETTINGS).map(({ file }) => file)]);

/**
 * What holds of each setting: the flag, else the environment, else the file, else what it is without. Throws an
 * AgentError that names the flag, the variable, or the file's line of what is wrong.
 */
export function resolveSettings(flags: Flags, env: NodeJS.ProcessEnv, file: ConfigFile | null): HeldSettings {
  const names = Object.keys(SETTINGS) as SettingName[];
  return Object.fromEntries(names.map((name) => [name, held(name, flags, env, file)])) as unknown as HeldSettings;
}

function held(name: SettingName, flags: Flags, env: NodeJS.ProcessEnv, file: ConfigFile | null): Held {
  const { flag, env: variable, file: key, initial, parse } = SETTINGS[name];
  const value = (given: unknown, place: string, source = place): Held => {
    try {
      return { value: parse(given), source };
    } catch (error) {
      if (!(error instanceof BadValue)) throw error;
      throw new AgentError(`${place} ${error.message}.`, EXIT.usage);
    }
  };
  if (flag && flags[flag] !== undefined) return value(flags[flag], optionOf(flag));
  // An empty variable is one that somebody has turned off.
  if (env[variable]?.trim()) return value(env[variable], variable);
  const entry = file?.values.get(key);
  if (file && entry)
    return value(entry.value, `${file.path}, line ${entry.line}: ${key}`, `${file.path}, line ${entry.line}`);
  return { value: initial, source: 'default' };
}

const optionOf = (flag: string) => `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
