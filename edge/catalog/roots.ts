import type { RootInfo } from '../../shared/protocol/capabilities.ts';
import { MAX_LIBRARIES, saveRoots } from '../db/roots.ts';
import type { Env } from '../env.ts';
import { publishEvent } from '../objects/event-publisher.ts';

/** Takes over which folders an agent has: new names become libraries, known names are joined (of any site). */
export async function announceRoots(env: Env, agentId: string, roots: RootInfo[]): Promise<void> {
  const { made, refused } = await saveRoots(env.DB, agentId, roots, Date.now());
  if (made.length > 0) await publishEvent(env, { topic: 'metadata.updated', libraryIds: [] }, { users: 'all' });
  for (const name of refused) {
    const text = `There are ${MAX_LIBRARIES} libraries, the most there can be: “${name}” was not made.`;
    await publishEvent(env, { topic: 'system.notification', level: 'warning', text }, { users: 'admins' });
  }
}
