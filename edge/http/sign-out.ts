import type { Env } from '../env.ts';
import { EVENT_HUB_NAME } from '../objects/event-publisher.ts';
import { FLEET_NAME } from '../playback/fleet-name.ts';

/**
 * Ends what goes on without asking for an access token again: films that a signed-out device watches, and its event
 * sockets. The sign-in has ended whether or not they can be told, so a failure is logged and nothing else.
 */
export async function announceSignOut(env: Pick<Env, 'FLEET' | 'EVENT_HUB'>, authSessionId: string): Promise<void> {
  const told = await Promise.allSettled([
    env.FLEET.getByName(FLEET_NAME).signedOut(authSessionId),
    env.EVENT_HUB.getByName(EVENT_HUB_NAME).endSession(authSessionId),
  ]);
  for (const outcome of told) {
    if (outcome.status === 'fulfilled') continue;
    const error = String(outcome.reason);
    console.warn(JSON.stringify({ level: 'warn', message: 'a sign-out was not announced', error }));
  }
}
