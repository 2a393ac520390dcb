import type { ServerEvent } from '../../shared/api/events.ts';
import type { Env } from '../env.ts';

/** Who is told: everybody, owners and admins, or the users of these ids. */
export interface Audience {
  users: 'all' | 'admins' | number[];
}

/** One object holds all browsers of a deployment. */
export const EVENT_HUB_NAME = 'hub';

/**
 * Tells the connected browsers of an audience. Events are hints to read again, so what caused one never fails
 * because nobody could be told.
 */
export async function publishEvent(env: Env, event: ServerEvent, audience: Audience): Promise<void> {
  try {
    await env.EVENT_HUB.getByName(EVENT_HUB_NAME).publish(event, audience);
  } catch (error) {
    console.warn(JSON.stringify({ level: 'warn', event: event.topic, error: String(error) }));
  }
}
