import { Hono } from 'hono';
import { CreateScanHook, LibrarySettings, ScanRunsQuery, StartScan } from '../../../shared/api/scans.ts';
import { idOf } from '../../catalog/cursors.ts';
import { createHook, hookTokenHash, revokeHook, showHooks, useHook } from '../../catalog/scan-hooks.ts';
import { changeSettings, showRuns, startScan, stopScan } from '../../catalog/scan-runs.ts';
import type { AppEnv } from '../context.ts';
import { record } from '../identity-surroundings.ts';
import { parseJson, parseQuery } from '../parse.ts';
import { limitHook } from '../rate-limit.ts';

/** Scans: what they did, beginning and stopping them, how often, and the addresses by which programs ask for one. */
export function scanRoutes(now: () => number): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/scan-runs', async (c) => c.json(await showRuns(c.env, parseQuery(c, ScanRunsQuery))));

  routes.post('/libraries/:id/scan', async (c) => {
    const { full } = await parseJson(c, StartScan);
    const request = { full, trigger: 'hand', askedBy: c.var.principal.name } as const;
    return c.json(await startScan(c.env, idOf(c.req.param('id')), request, now()));
  });

  routes.post('/libraries/:id/scan/stop', async (c) => c.json(await stopScan(c.env, idOf(c.req.param('id')), now())));

  routes.put('/libraries/:id/settings', async (c) => {
    await changeSettings(c.env, idOf(c.req.param('id')), await parseJson(c, LibrarySettings));
    return c.body(null, 204);
  });

  routes.get('/scan-hooks', async (c) => c.json({ items: await showHooks(c.env) }));

  routes.post('/scan-hooks', async (c) => {
    const hook = await createHook(c.env, await parseJson(c, CreateScanHook), now());
    await record(c, { now }, 'scan-hook.made', hook.name);
    return c.json(hook, 201, { 'cache-control': 'no-store' });
  });

  routes.delete('/scan-hooks/:id', async (c) => {
    const name = await revokeHook(c.env, c.req.param('id'));
    await record(c, { now }, 'scan-hook.revoked', name);
    return c.body(null, 204);
  });

  // The word in the path is the whole secret. Whatever body a program sends along is not looked at.
  routes.post('/hooks/scan/:token', async (c) => {
    const hash = await hookTokenHash(c.req.param('token'));
    await limitHook(c, hash);
    return c.json(await useHook(c.env, hash, c.req.query('full') === 'true', now()));
  });

  return routes;
}
