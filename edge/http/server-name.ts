import { readSettings } from '../deployment/settings.ts';
import type { Env } from '../env.ts';

/** What somebody without a sign-in asks for costs one read in this time, however often they ask. */
const KEEP_MS = 10_000;

/** What its owner calls this server, read again every ten seconds at most. One for each isolate. */
export function serverNames(now: () => number): (env: Pick<Env, 'DB' | 'SERVER_NAME'>) => Promise<string> {
  let kept: { name: string; until: number } | undefined;
  return async (env) => {
    if (kept === undefined || kept.until <= now()) {
      kept = { name: (await readSettings(env)).serverName, until: now() + KEEP_MS };
    }
    return kept.name;
  };
}
