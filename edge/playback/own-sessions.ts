import type { OwnSession } from '../../shared/api/playback.ts';
import type { Env } from '../env.ts';
import { FLEET_NAME } from './fleet-name.ts';

/** Nobody watches on more devices than this at once and wants to go on with all of them. */
const MAX_SHOWN = 8;

/** What a person watches now on any device, newest first, each with where it is at this moment. */
export async function ownSessions(env: Pick<Env, 'FLEET' | 'PLAYBACK_SESSION'>, userId: number): Promise<OwnSession[]> {
  const all = await env.FLEET.getByName(FLEET_NAME).sessions();
  const mine = all.filter((session) => session.userId === userId).slice(0, MAX_SHOWN);
  const shown = await Promise.all(
    mine.map(async ({ id, title, device = '', durationMs = 0 }): Promise<OwnSession[]> => {
      // The Fleet's word is up to half a minute old, and a hint.
      const place = await env.PLAYBACK_SESSION.getByName(id).placeOf(userId);
      if (!place) return [];
      const { itemId, positionMs, state } = place;
      return [{ id, itemId: String(itemId), title, device, state, positionMs, durationMs }];
    }),
  );
  return shown.flat();
}
