import type { PersonLimits, ViewingLimits } from '../../shared/api/limits.ts';
import type { Bindings } from '../bindings.ts';
import { ownLimits } from '../db/user-limits.ts';
import { readSettings } from '../deployment/settings.ts';

type Db = Pick<Bindings, 'DB' | 'SERVER_NAME'>;

/** How much a person may take: what was set for them, else what holds for everybody. */
export async function limitsOf(env: Db, userId: number): Promise<PersonLimits> {
  const [own, { maxStreams, maxRemoteKbps }] = await Promise.all([ownLimits(env, userId), readSettings(env)]);
  const everybody: ViewingLimits = { maxStreams, maxRemoteKbps };
  return { ...(own ?? everybody), own: own !== null };
}
