import { isDeepStrictEqual } from 'node:util';
import type { HeldSettings } from './config/resolve.ts';
import { SETTINGS, type SettingName } from './config/settings.ts';
import type { AgentConfig } from './config.ts';

/** What a configuration that was read again changes. */
export interface Changes {
  /** Taken over by the running agent. */
  live: string[];
  /** Taken over by its next start. */
  restart: string[];
}

/** Compares two readings of the configuration, by the names that the file uses. */
export function changesOf(before: AgentConfig, after: AgentConfig): Changes {
  const changed = (Object.keys(SETTINGS) as SettingName[]).filter(
    (name) => !isDeepStrictEqual(heldOf(before.held, name), heldOf(after.held, name)),
  );
  const named = (live: boolean) =>
    changed.filter((name) => SETTINGS[name].live === live).map((name) => SETTINGS[name].file);
  const roots = isDeepStrictEqual(before.roots, after.roots) ? [] : ['roots'];
  const data = before.dataDir === after.dataDir ? [] : ['data'];
  const mappings = isDeepStrictEqual(before.mappings, after.mappings) ? [] : ['mappings'];
  return { live: [...roots, ...named(true)], restart: [...data, ...mappings, ...named(false)] };
}

const heldOf = (held: HeldSettings, name: SettingName): unknown => held[name].value;
