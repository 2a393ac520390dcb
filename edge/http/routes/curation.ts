import { Hono } from 'hono';
import { ItemMetadataRequest } from '../../../shared/api/curation.ts';
import { HideRequest, MergeRequest } from '../../../shared/api/facets.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { idOf } from '../../catalog/cursors.ts';
import { hideFromPerson } from '../../catalog/hiding.ts';
import { editMetadata, showMetadata } from '../../catalog/item-edits.ts';
import { waysInOf } from '../../db/auth-sessions.ts';
import { itemById } from '../../db/items.ts';
import { mergeItems, splitItem } from '../../db/merges.ts';
import { hiddenFrom } from '../../db/scopes.ts';
import type { AppEnv } from '../context.ts';
import { record } from '../identity-surroundings.ts';
import { listAtOnce } from '../narrow-lists.ts';
import { parseJson } from '../parse.ts';
import { interrupt } from '../sign-out.ts';

/** What admins decide about titles: which are the same, and what is hidden from whom. */
export function curationRoutes(now: () => number = Date.now): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.post('/items/:id/merge', async (c) => {
    const { into } = await parseJson(c, MergeRequest);
    const [source, target] = await Promise.all([itemById(c.env, idOf(c.req.param('id'))), itemById(c.env, idOf(into))]);
    if (!source || !target) throw new HearthcastError('not-found');
    if (source.id === target.id) throw new HearthcastError('bad-request', 'A title cannot be merged into itself.');
    if (source.kind !== target.kind || source.kind === 'season' || source.kind === 'episode') {
      throw new HearthcastError('bad-request', 'Two movies, two videos or two series can be merged.');
    }
    await mergeItems(c.env.DB, source.id, target.id, true, Date.now());
    await record(c, { now }, 'title.merged', `${source.title} into ${target.title}`);
    return c.body(null, 204);
  });

  routes.post('/items/:id/split', async (c) => {
    const id = idOf(c.req.param('id'));
    if (!(await splitItem(c.env.DB, id, Date.now()))) {
      throw new HearthcastError('not-found', 'This title was not merged into another.');
    }
    await record(c, { now }, 'title.split', (await itemById(c.env, id))?.title ?? String(id));
    return c.body(null, 204);
  });

  routes.get('/items/:id/metadata', async (c) => {
    return c.json(await showMetadata(c.env, c.var.principal.userId, idOf(c.req.param('id'))));
  });

  routes.put('/items/:id/metadata', async (c) => {
    const { fields } = await parseJson(c, ItemMetadataRequest);
    const id = idOf(c.req.param('id'));
    const title = await editMetadata(c.env, id, fields, Date.now());
    await record(c, { now }, 'title.changed', `${title}: ${Object.keys(fields).join(', ') || 'as its files say'}`);
    return c.json(await showMetadata(c.env, c.var.principal.userId, id));
  });

  routes.get('/users/:id/hidden', async (c) => {
    const rows = await hiddenFrom(c.env, idOf(c.req.param('id')));
    return c.json({ items: rows.map((row) => ({ ...row, id: String(row.id) })) });
  });

  routes.put('/users/:id/hidden', async (c) => {
    const { ids } = await parseJson(c, HideRequest);
    const userId = idOf(c.req.param('id'));
    const name = await hideFromPerson(c.env, userId, ids.map(Number));
    listAtOnce(c, now());
    await record(c, { now }, 'user.changed', `${name}: what is hidden from them`);
    // What they watch and hear now was let through by the old rules.
    await interrupt(c, await waysInOf(c.env, userId, now()));
    const rows = await hiddenFrom(c.env, userId);
    return c.json({ items: rows.map((row) => ({ ...row, id: String(row.id) })) });
  });

  return routes;
}
