import { Hono } from 'hono';
import { HearthcastError } from '../../../shared/errors.ts';
import type { AppEnv } from '../context.ts';

/** So long an isolate believes that the database answers: whoever floods this address asks it nothing more. */
const READY_MS = 1_000;

/** Liveness and readiness, for whatever watches the deployment; neither needs a sign-in nor tells anything else. */
export function healthRoutes(now: () => number): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  let readyUntil = 0;

  routes.get('/health/live', (c) => c.json({ status: 'ok' }));

  routes.get('/health/ready', async (c) => {
    if (now() < readyUntil) return c.json({ status: 'ok' });
    try {
      await c.env.DB.prepare('SELECT 1').first();
      readyUntil = now() + READY_MS;
    } catch (cause) {
      throw new HearthcastError('unavailable', 'The database does not answer.', { cause });
    }
    return c.json({ status: 'ok' });
  });

  return routes;
}
