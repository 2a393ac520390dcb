import { Hono } from 'hono';
import { HearthcastError } from '../../../shared/errors.ts';
import { scopeOf } from '../../catalog/scope.ts';
import { seesAll } from '../../db/scopes.ts';
import { SUBSCRIBER_HEADERS } from '../../objects/event-hub.ts';
import { EVENT_HUB_NAME } from '../../objects/event-publisher.ts';
import type { AppEnv } from '../context.ts';
import { pageOriginOf } from '../same-origin.ts';

/** What happens, as it happens, over a WebSocket. */
export function eventRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/events', async (c) => {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      throw new HearthcastError('bad-request', 'This address is for a WebSocket.');
    }
    // Browsers let any page open a socket, and send the cookies along.
    if (pageOriginOf(c.req.raw) === 'other') throw new HearthcastError('forbidden');
    const { userId, role, authSessionId, until } = c.var.principal;
    const everything = seesAll(await scopeOf(c.env, c.var.principal));
    // A request of our own making: nothing that the client sent can pass for who it is.
    const headers = {
      upgrade: 'websocket',
      [SUBSCRIBER_HEADERS.userId]: String(userId),
      [SUBSCRIBER_HEADERS.role]: role,
      [SUBSCRIBER_HEADERS.authSessionId]: authSessionId,
      [SUBSCRIBER_HEADERS.restricted]: everything ? 'no' : 'yes',
      ...(until == null ? {} : { [SUBSCRIBER_HEADERS.until]: String(until) }),
    };
    return c.env.EVENT_HUB.getByName(EVENT_HUB_NAME).fetch('https://event-hub/', { headers });
  });

  return routes;
}
