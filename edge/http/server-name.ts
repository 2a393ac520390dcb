import type { Env } from '../env.ts';

const DEFAULT_NAME = 'Hearthcast';

/** What its owner calls this server. */
export function serverName(env: Pick<Env, 'SERVER_NAME'>): string {
  return env.SERVER_NAME ?? DEFAULT_NAME;
}
