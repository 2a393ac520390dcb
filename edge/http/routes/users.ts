import { Hono } from 'hono';
import type { User } from '../../../shared/api/auth.ts';
import type { AppEnv } from '../context.ts';

/** People, as they see themselves. */
export function userRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/users/me', (c) => {
    const { userId, name, role } = c.var.principal;
    const me: User = { id: String(userId), name, role };
    return c.json(me);
  });

  return routes;
}
