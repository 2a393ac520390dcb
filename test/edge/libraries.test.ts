import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { announceRoots } from '../../edge/catalog/roots.ts';
import { recordScanProgress } from '../../edge/catalog/scans.ts';
import { Libraries, LibraryProblems, ScanStarted } from '../../shared/api/libraries.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, broken, count, file, movie } from './catalog-world.ts';

const admin = await callerOf('admin');

async function libraryOf(name: string) {
  const { items } = await admin.get('/libraries', Libraries);
  const library = items.find((one) => one.name === name);
  if (!library) throw new Error(`there is no library ${name}`);
  return library;
}

it('makes a library of a new name, and joins the roots of other sites to it whatever their case', async () => {
  await agentWith({ films: 'Movies' });
  await agentWith({ dvd: 'MOVIES' }, 'Cabin');
  const library = await libraryOf('Movies');
  expect(library.roots.map((root) => [root.id, root.site.name, root.state])).toEqual([
    ['dvd', 'Cabin', 'ok'],
    ['films', 'Home', 'ok'],
  ]);
  expect(library.roots[0]?.scan).toEqual({ phase: 'idle', total: null, done: 0, problems: 0, message: null });
});

it('leaves a known root in its library, and takes one that is not announced any more as offline', async () => {
  const agent = await agentWith({ one: 'Stay', two: 'Stay' });
  await announceRoots(env, agent.id, [{ id: 'one', name: 'renamed', library: 'Somewhere else', state: 'unreadable' }]);
  const library = await libraryOf('Stay');
  expect(library.roots.map((root) => [root.id, root.name, root.state])).toEqual([
    ['one', 'renamed', 'unreadable'],
    ['two', 'two', 'offline'],
  ]);
  expect(await count(`library WHERE name = 'Somewhere else'`)).toBe(0);
});

it('counts titles and shows what could not be read, to admins', async () => {
  const agent = await agentWith({ films: 'Counted' });
  await agent.say([file('a', movie('Counted A')), broken('b'), broken('c'), broken('d')]);
  const library = await libraryOf('Counted');
  expect(library).toMatchObject({ items: 1, problems: 3 });
  const first = await admin.get(`/libraries/${library.id}/problems?limit=2`, LibraryProblems);
  expect(first.items.map((one) => [one.root, one.path, one.code])).toEqual([
    ['films', 'b', 'not-media'],
    ['films', 'c', 'not-media'],
  ]);
  const rest = await admin.get(`/libraries/${library.id}/problems?limit=2&cursor=${first.next}`, LibraryProblems);
  expect(rest.items.map((one) => one.path)).toEqual(['d']);
  expect(rest.next).toBeNull();
  const member = await callerOf('member');
  expect((await member.call('GET', `/libraries/${library.id}/problems`)).status).toBe(403);
  expect((await admin.call('GET', '/libraries/999999/problems')).status).toBe(404);
});

it('keeps a scan’s progress at once when its phase changes, and otherwise every two seconds', async () => {
  const agent = await agentWith({ films: 'Scanned' });
  const progress = { kind: 'scan.progress', root: 'films', total: null, problems: 0, message: null } as const;
  const shown = async () => (await libraryOf('Scanned')).roots[0]?.scan;
  await recordScanProgress(env, agent.id, { ...progress, phase: 'walking', done: 1 });
  await recordScanProgress(env, agent.id, { ...progress, phase: 'walking', done: 2 });
  expect(await shown()).toMatchObject({ phase: 'walking', done: 1 });
  await recordScanProgress(env, agent.id, { ...progress, phase: 'probing', done: 3 });
  expect(await shown()).toMatchObject({ phase: 'probing', done: 3 });
  await env.DB.prepare('UPDATE root SET scan_at = scan_at - 2000').run();
  await recordScanProgress(env, agent.id, { ...progress, phase: 'probing', done: 4 });
  expect(await shown()).toMatchObject({ phase: 'probing', done: 4 });
});

it('says which machines were not there to scan', async () => {
  await agentWith({ films: 'Asleep', more: 'Asleep' });
  const { id } = await libraryOf('Asleep');
  const answer = await admin.call('POST', `/libraries/${id}/scan`);
  expect(ScanStarted.parse(await answer.json())).toEqual({ started: 0, offline: 1 });
  expect((await admin.call('POST', '/libraries/999999/scan')).status).toBe(404);
  expect((await (await callerOf('child')).call('POST', `/libraries/${id}/scan`)).status).toBe(403);
});

it('makes no more than 53 libraries, and leaves the others’ roots out', async () => {
  const before = await count('library');
  const roots = Array.from({ length: 60 }, (_, i) => [`r${i}`, `Many ${i}`] as const);
  const agent = await agentWith(Object.fromEntries(roots));
  expect(await count('library')).toBe(53);
  expect(await count(`root WHERE agent_id = '${agent.id}'`)).toBe(53 - before);
  const last = 52 - before;
  await agent.say([file('a', movie('In the last library'), { root: `r${last}` })]);
  expect((await libraryOf(`Many ${last}`)).items).toBe(1);
});
