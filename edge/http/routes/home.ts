import { Hono } from 'hono';
import { showHome } from '../../catalog/browse.ts';
import { scopeOf } from '../../catalog/scope.ts';
import type { AppEnv } from '../context.ts';

/** The home page of the person who asks. */
export function homeRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/home', async (c) => c.json(await showHome(c.env, await scopeOf(c.env, c.var.principal))));

  return routes;
}
