import type { Context } from 'hono';
import type { Standing } from '../identity/standing.ts';
import { EVENT_HUB_NAME } from '../objects/event-publisher.ts';
import { FLEET_NAME } from '../playback/fleet-name.ts';
import type { AppEnv } from './context.ts';

/**
 * Ends what goes on without asking for an access token again: films that a signed-out device watches, and its event
 * sockets. Called after the end is in the database: else a read that began before it would let the session back in.
 * The sign-in has ended whether or not they can be told, so a failure is logged and nothing else.
 */
export async function endEverywhere(
  c: Context<AppEnv>,
  standing: Standing,
  authSessionIds: readonly string[],
): Promise<void> {
  for (const id of authSessionIds) standing.noteEnded(id);
  await interrupt(c, authSessionIds);
}

/**
 * Ends films and event sockets of sign-ins that go on: what they may see has changed, and they ask again. Two calls,
 * however many they are: the platform counts what a request asks for.
 */
export async function interrupt(c: Context<AppEnv>, authSessionIds: readonly string[]): Promise<void> {
  if (authSessionIds.length === 0) return;
  const fleet = c.env.FLEET.getByName(FLEET_NAME);
  const hub = c.env.EVENT_HUB.getByName(EVENT_HUB_NAME);
  const told = await Promise.allSettled([fleet.signedOut(authSessionIds), hub.endSessions(authSessionIds)]);
  for (const outcome of told) {
    if (outcome.status === 'fulfilled') continue;
    const error = String(outcome.reason);
    console.warn(JSON.stringify({ level: 'warn', message: 'a sign-out was not announced', error }));
  }
}
