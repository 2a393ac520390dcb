import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { digestOf } from '../../edge/catalog/digest.ts';
import { settleMoves } from '../../edge/catalog/library-changes.ts';
import { announceRoots } from '../../edge/catalog/roots.ts';
import { setFavorite, setRating } from '../../edge/db/user-items.ts';
import { AuditPage } from '../../shared/api/audit.ts';
import { ItemDetail, ItemPage, SearchAnswer } from '../../shared/api/items.ts';
import { Libraries, LibraryMade } from '../../shared/api/libraries.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, count, episode, file, itemOf, movie, NOW } from './catalog-world.ts';

const admin = await callerOf('admin');

async function made(name: string, folders: { agentId: string; rootId: string }[] = []) {
  const response = await admin.call('POST', '/libraries', { name, folders });
  expect([name, response.status]).toEqual([name, 201]);
  return LibraryMade.parse(await response.json()).id;
}

const libraries = () => admin.get('/libraries', Libraries);
const idOf = async (name: string) => (await libraries()).items.find((one) => one.name === name)?.id ?? '0';
const titlesIn = async (id: string) =>
  (await admin.get(`/libraries/${id}/items?sort=title`, ItemPage)).items.map((item) => item.title);
const found = async (q: string) => (await admin.get(`/search?q=${q}`, SearchAnswer)).items.map((item) => item.title);

it('makes an empty library, which a folder of its name joins, and refuses a name twice', async () => {
  const id = await made('Home Videos');
  expect((await admin.call('POST', '/libraries', { name: 'home videos' })).status).toBe(409);
  await agentWith({ clips: 'HOME VIDEOS' });
  const { items } = await libraries();
  expect(items.find((one) => one.id === id)?.roots.map((root) => root.id)).toEqual(['clips']);
  expect((await admin.call('POST', '/libraries', { name: ' ' })).status).toBe(400);
  const folders = [{ agentId: 'agt_nobody', rootId: 'clips' }];
  expect((await admin.call('POST', '/libraries', { name: 'Of nobody', folders })).status).toBe(404);
  expect(await idOf('Of nobody')).toBe('0');
});

it('renames a library, and its folders stay in it', async () => {
  const agent = await agentWith({ films: 'Old name' });
  const id = await idOf('Old name');
  expect((await admin.call('PUT', `/libraries/${id}`, { name: 'New name' })).status).toBe(204);
  await announceRoots(env, agent.id, [{ id: 'films', name: 'films', library: 'Old name', state: 'ok' }]);
  expect((await libraries()).items.find((one) => one.name === 'New name')?.roots).toHaveLength(1);
  expect(await idOf('Old name')).toBe('0');
  await made('Another');
  expect((await admin.call('PUT', `/libraries/${id}`, { name: 'another' })).status).toBe(409);
  expect((await admin.call('PUT', '/libraries/999999', { name: 'X' })).status).toBe(404);
});

it('deletes a library: its titles go, what people did stays, and shows again in another library', async () => {
  const agent = await agentWith({ films: 'Doomed', more: 'Doomed', kept: 'Kept' });
  await agent.say([
    file('a', movie('Doomed Alone', 2001)),
    file('b1', movie('Doomed Twice', 2002)),
    file('b2', movie('Doomed Twice', 2002), { root: 'more' }),
    file('c1', movie('Doomed And Kept', 2003)),
    file('c2', movie('Doomed And Kept', 2003), { root: 'kept' }),
    file('d', episode('Doomed Show', 1, 1, 'Doomed Pilot')),
  ]);
  const alone = await itemOf('Doomed Alone');
  const { userId } = (await callerOf('member')).principal;
  await setFavorite(env, userId, alone.id, true, NOW);
  await setRating(env, userId, alone.id, 9, NOW);
  const id = await idOf('Doomed');

  expect((await admin.call('DELETE', `/libraries/${id}`)).status).toBe(204);
  expect((await admin.call('GET', `/libraries/${id}/items`)).status).toBe(404);
  expect((await admin.call('DELETE', `/libraries/${id}`)).status).toBe(404);
  await settleMoves(env, NOW);
  expect(await found('doomed')).toEqual(['Doomed And Kept']);
  expect((await admin.call('GET', `/items/${alone.id}`)).status).toBe(404);
  expect(await titlesIn(await idOf('Kept'))).toEqual(['Doomed And Kept']);
  expect(await count(`library_item WHERE library_id = ${id}`)).toBe(0);
  // With its files gone its bit is another's.
  expect(await count(`library WHERE id = ${id}`)).toBe(0);
  expect(await count('root_move')).toBe(0);
  expect((await libraries()).loose.map((root) => [root.id, root.state])).toEqual([
    ['films', 'ok'],
    ['more', 'ok'],
  ]);

  // The machine goes on: what it says of these folders is heard, and not taken.
  await announceRoots(env, agent.id, [
    { id: 'films', name: 'films', library: 'Doomed', state: 'ok' },
    { id: 'more', name: 'more', library: 'Doomed', state: 'ok' },
    { id: 'kept', name: 'kept', library: 'Kept', state: 'ok' },
  ]);
  await agent.say([file('e', movie('Doomed Newcomer', 2004)), file('a', movie('Doomed Alone', 2001), { size: 7 })]);
  expect(await idOf('Doomed')).toBe('0');
  expect(await found('doomed')).toEqual(['Doomed And Kept']);
  expect(await digestOf(env, agent.id, { root: 'films', from: 0 })).toMatchObject({ ranges: [], closed: true });

  const again = await made('Reborn', [{ agentId: agent.id, rootId: 'films' }]);
  expect((await digestOf(env, agent.id, { root: 'films', from: 0 })).closed).toBeUndefined();
  await agent.say([file('a', movie('Doomed Alone', 2001)), file('d', episode('Doomed Show', 1, 1, 'Doomed Pilot'))]);
  expect(await titlesIn(again)).toEqual(['Doomed Alone', 'Doomed Show']);
  const marks = await env.DB.prepare('SELECT item_id AS id, favorite, rating FROM user_item WHERE user_id = ?1')
    .bind(userId)
    .all();
  expect(marks.results).toEqual([{ id: alone.id, favorite: 1, rating: 9 }]);
  expect((await admin.get(`/items/${alone.id}`, ItemDetail)).title).toBe('Doomed Alone');
});

it('gives the place of a deleted library to nobody who could see that one', async () => {
  const agent = await agentWith({ first: 'Seen', second: 'Unseen' });
  await agent.say([file('s', movie('Seen Film', 2001), { root: 'first' })]);
  const member = await callerOf('member');
  const bit = await env.DB.prepare("SELECT bit FROM library WHERE name = 'Seen'").first<number>('bit');
  const change = { role: 'member', libraryIds: [await idOf('Seen')], maxAge: null, disabled: false };
  expect((await admin.call('PUT', `/users/${member.principal.userId}`, change)).status).toBe(200);
  expect((await admin.call('DELETE', `/libraries/${await idOf('Seen')}`)).status).toBe(204);
  await settleMoves(env, NOW);
  await made('Next');
  expect(await env.DB.prepare("SELECT bit FROM library WHERE name = 'Next'").first<number>('bit')).toBe(bit);
  const { userId } = member.principal;
  const row = await env.DB.prepare('SELECT lib_mask FROM user_restriction WHERE user_id = ?1').bind(userId).first();
  expect(row).toEqual({ lib_mask: 0 });
});

it('moves a folder with all that is in it', async () => {
  const agent = await agentWith({ one: 'From', two: 'From' });
  await agent.say([
    ...Array.from({ length: 120 }, (_, i) => file(`m${i}`, movie(`Moved ${i}`, 2000), { root: 'one' })),
    file('stays', movie('Stays', 2000), { root: 'two' }),
  ]);
  const to = await made('To', [{ agentId: agent.id, rootId: 'one' }]);
  await settleMoves(env, NOW);
  expect((await libraries()).items.find((one) => one.id === to)?.items).toBe(120);
  expect(await titlesIn(await idOf('From'))).toEqual(['Stays']);
  expect(await count(`item WHERE title LIKE 'Moved %' AND deleted_at IS NULL`)).toBe(120);
});

it('takes a folder that is shared again after it was removed as new', async () => {
  const agent = await agentWith({ films: 'Before' });
  await agent.say([file('a', movie('Wanderer', 2001))]);
  await env.DB.prepare("UPDATE root SET state = 'removed' WHERE agent_id = ?1").bind(agent.id).run();
  await announceRoots(env, agent.id, [{ id: 'films', name: 'films', library: 'After', state: 'ok' }]);
  await settleMoves(env, NOW);
  expect(await titlesIn(await idOf('After'))).toEqual(['Wanderer']);
  expect(await titlesIn(await idOf('Before'))).toEqual([]);
});

it('writes down who did it, and lets nobody else', async () => {
  const { items } = await admin.get('/audit?event=library.deleted', AuditPage);
  expect(items.map((entry) => entry.subject)).toContain('Doomed');
  const member = await callerOf('member');
  expect((await member.call('POST', '/libraries', { name: 'Mine' })).status).toBe(403);
  expect((await member.call('DELETE', `/libraries/${await idOf('Kept')}`)).status).toBe(403);
  expect((await member.get('/libraries', Libraries)).loose).toEqual([]);
});
