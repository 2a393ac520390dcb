import { Hono } from 'hono';
import { HearthcastError } from '../../../shared/errors.ts';
import type { AppEnv } from '../context.ts';

/** Liveness and readiness, for whatever watches the deployment; neither needs a sign-in nor tells anything else. */
export function healthRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/health/live', (c) => c.json({ status: 'ok' }));

  routes.get('/health/ready', async (c) => {
    try {
      await c.env.DB.prepare('SELECT 1').first();
    } catch (cause) {
      throw new HearthcastError('unavailable', 'The database does not answer.', { cause });
    }
    return c.json({ status: 'ok' });
  });

  return routes;
}
