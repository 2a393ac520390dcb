import type { PersonLimits, ViewingLimits } from '../../shared/api/limits.ts';
import { ownLimits } from '../db/user-limits.ts';
import { readSettings } from '../deployment/settings.ts';
import type { Env } from '../env.ts';

type Db = Pick<Env, 'DB' | 'SERVER_NAME'>;

/** How much a person may take: what was set for them, else what holds for everybody. */
export async function limitsOf(env: Db, userId: number): Promise<PersonLimits> {
  const [own, { maxStreams, maxRemoteKbps }] = await Promise.all([ownLimits(env, userId), readSettings(env)]);
  const everybody: ViewingLimits = { maxStreams, maxRemoteKbps };
  return { ...(own ?? everybody), own: own !== null };
}
