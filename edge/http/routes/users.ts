import { Hono } from 'hono';
import type { Me } from '../../../shared/api/auth.ts';
import { ChangePerson, CreatePerson } from '../../../shared/api/users.ts';
import { idOf } from '../../catalog/cursors.ts';
import { endSessionsOf, openSessionsOf, waysInOf } from '../../db/auth-sessions.ts';
import {
  changePerson,
  createPerson,
  createResetCode,
  manageable,
  removePerson,
  showPeople,
} from '../../identity/people.ts';
import { openView } from '../../identity/see-as.ts';
import type { AppEnv } from '../context.ts';
import { type IdentityOptions, record } from '../identity-surroundings.ts';
import { listAtOnce } from '../narrow-lists.ts';
import { parseJson } from '../parse.ts';
import { endEverywhere, interrupt } from '../sign-out.ts';
import { readerOf } from '../standing-reader.ts';

/** People: as they see themselves, and as owners and admins look after them. */
export function userRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { standing, now } = options;
  const routes = new Hono<AppEnv>();

  routes.get('/users/me', (c) => {
    const { userId, accountId, name, role } = c.var.principal;
    const me: Me = { id: String(userId), accountId: String(accountId), name, role };
    return c.json(me);
  });

  routes.get('/users', async (c) => c.json({ items: await showPeople(c.env) }));

  routes.post('/users', async (c) => {
    const request = await parseJson(c, CreatePerson);
    const person = await createPerson(c.env, c.var.principal, request, now());
    standing.noteChange();
    listAtOnce(c, now());
    await record(c, options, 'user.made', `${person.name}, ${person.role}`);
    return c.json(person, 201);
  });

  routes.put('/users/:id', async (c) => {
    const id = idOf(c.req.param('id'));
    const change = await parseJson(c, ChangePerson);
    const person = await changePerson(c.env, c.var.principal, id, change, now());
    standing.noteChange();
    listAtOnce(c, now());
    // What runs by an API key ends too; the key itself is as good again as its person, once they are let in again.
    const ways = await waysInOf(c.env, id, now());
    if (person.disabled) await endEverywhere(c, standing, await endSessionsOf(c.env, id, null, now()));
    await interrupt(c, ways);
    const sees = person.libraryIds === null ? 'all libraries' : `${person.libraryIds.length} libraries`;
    const age = person.maxAge === null ? '' : `, up to ${person.maxAge}`;
    await record(
      c,
      options,
      'user.changed',
      `${person.name}: ${person.role}, ${person.disabled ? 'off' : 'on'}, ${sees}${age}`,
    );
    return c.json(person);
  });

  routes.delete('/users/:id', async (c) => {
    const id = idOf(c.req.param('id'));
    const ways = await waysInOf(c.env, id, now());
    const { name, role } = await removePerson(c.env, c.var.principal, id);
    standing.noteChange();
    await endEverywhere(c, standing, ways);
    await record(c, options, 'user.deleted', `${name}, ${role}`);
    return c.body(null, 204);
  });

  routes.post('/users/:id/reset', async (c) => {
    const { code, target } = await createResetCode(c.env, c.var.principal, idOf(c.req.param('id')), now());
    await record(c, options, 'password.reset-code', target.name);
    return c.json(code, 201);
  });

  routes.post('/users/:id/see-as', async (c) => {
    const id = idOf(c.req.param('id'));
    const known = await standing.list(readerOf(c));
    // Made a moment ago in another isolate, maybe. Only admins come here, so nobody makes it read without end.
    const list = known.people.has(id) ? known : await standing.newerThan(known, readerOf(c), true);
    const view = await openView(c.env, list, c.var.principal, id, now());
    await record(c, options, 'user.seen-as', `${view.name}, ${view.role}`);
    return c.json(view, 201);
  });

  routes.get('/users/:id/sessions', async (c) => {
    const id = idOf(c.req.param('id'));
    await manageable(c.env, c.var.principal, id);
    const open = await openSessionsOf(c.env, id, now());
    return c.json({ items: open.map((session) => ({ ...session, current: false })) });
  });

  routes.delete('/users/:id/sessions', async (c) => {
    const { id, name } = await manageable(c.env, c.var.principal, idOf(c.req.param('id')));
    await endEverywhere(c, standing, await endSessionsOf(c.env, id, null, now()));
    await record(c, options, 'sign-out.everywhere', name);
    return c.body(null, 204);
  });

  return routes;
}
