import type { Settings } from '../../shared/api/settings.ts';
import { readSettings } from '../deployment/settings.ts';
import type { Env } from '../env.ts';

/** What is asked for at every door costs one read in this time, however often it is asked. */
const KEEP_MS = 10_000;

/** The deployment's settings, read again every ten seconds at most. One for each isolate. */
export class KeptSettings {
  readonly #now: () => number;
  #kept: { settings: Settings; until: number } | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  async read(env: Pick<Env, 'DB' | 'SERVER_NAME'>): Promise<Settings> {
    if (this.#kept !== undefined && this.#kept.until > this.#now()) return this.#kept.settings;
    const settings = await readSettings(env);
    this.keep(settings);
    return settings;
  }

  /** These hold from now on: they were changed through this isolate. */
  keep(settings: Settings): void {
    this.#kept = { settings, until: this.#now() + KEEP_MS };
  }
}
