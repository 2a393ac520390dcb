import { type Context, Hono } from 'hono';
import { ItemsQuery } from '../../../shared/api/items.ts';
import { ChangeLibrary, CreateLibrary } from '../../../shared/api/libraries.ts';
import { PageQuery } from '../../../shared/api/paging.ts';
import { idOf } from '../../catalog/cursors.ts';
import { browseGrid } from '../../catalog/grids.ts';
import { showLibraries, showProblems } from '../../catalog/libraries.ts';
import { changeLibrary, createLibrary, deleteLibrary, settleMoves } from '../../catalog/library-changes.ts';
import { startScan } from '../../catalog/scan-runs.ts';
import { scopeOf } from '../../catalog/scope.ts';
import type { AppEnv } from '../context.ts';
import { type IdentityOptions, record } from '../identity-surroundings.ts';
import { listAtOnce } from '../narrow-lists.ts';
import { parseJson, parseQuery } from '../parse.ts';

/** Libraries: what they hold, what could not be read; making, renaming and deleting them. */
export function libraryRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { standing, now } = options;
  const routes = new Hono<AppEnv>();

  routes.get('/libraries', async (c) => {
    const { role } = c.var.principal;
    const admin = role === 'owner' || role === 'admin';
    return c.json(await showLibraries(c.env, await scopeOf(c.env, c.var.principal), admin));
  });

  routes.post('/libraries', async (c) => {
    const { name, folders } = await parseJson(c, CreateLibrary);
    const { id, back } = await createLibrary(c.env, name, folders, now());
    await record(c, options, 'library.made', name);
    c.executionCtx.waitUntil(follow(c, id, back));
    return c.json({ id: String(id) }, 201);
  });

  routes.put('/libraries/:id', async (c) => {
    const id = idOf(c.req.param('id'));
    const { name, back } = await changeLibrary(c.env, id, await parseJson(c, ChangeLibrary));
    await record(c, options, 'library.changed', name);
    c.executionCtx.waitUntil(follow(c, id, back));
    return c.body(null, 204);
  });

  routes.delete('/libraries/:id', async (c) => {
    const { name, finish } = await deleteLibrary(c.env, idOf(c.req.param('id')), now());
    standing.noteChange();
    await record(c, options, 'library.deleted', name);
    c.executionCtx.waitUntil(finish());
    listAtOnce(c, now());
    return c.body(null, 204);
  });

  /** The files of folders that came from elsewhere; of those that were in no library only their machines know. */
  async function follow(c: Context<AppEnv>, id: number, back: boolean): Promise<void> {
    const request = { full: true, trigger: 'hand', askedBy: c.var.principal.name } as const;
    if (back) await startScan(c.env, id, request, now());
    await settleMoves(c.env, now());
  }

  routes.get('/libraries/:id/items', async (c) => {
    const query = parseQuery(c, ItemsQuery);
    return c.json(await browseGrid(c.env, await scopeOf(c.env, c.var.principal), idOf(c.req.param('id')), query));
  });

  routes.get('/libraries/:id/problems', async (c) => {
    const query = parseQuery(c, PageQuery);
    return c.json(await showProblems(c.env, idOf(c.req.param('id')), query));
  });

  return routes;
}
