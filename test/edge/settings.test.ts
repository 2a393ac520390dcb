import { env } from 'cloudflare:workers';
import { afterEach, expect, it } from 'vitest';
import { announceRoots } from '../../edge/catalog/roots.ts';
import { readSettings } from '../../edge/deployment/settings.ts';
import { cleanUp } from '../../edge/identity/clean-up.ts';
import { limitsOf } from '../../edge/identity/viewing-limits.ts';
import { SignedIn } from '../../shared/api/auth.ts';
import { Libraries } from '../../shared/api/libraries.ts';
import { Settings } from '../../shared/api/settings.ts';
import { callerOf } from './api-caller.ts';
import { FakeAgent, type FakeSocket } from './fake-agent.ts';
import { outcomeOf, world } from './people-caller.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

afterEach(() => env.DB.prepare('DELETE FROM setting').run());

/** A machine with a folder, connected. */
async function machine(library: string) {
  const agent = await FakeAgent.enrol();
  await env.DB.prepare(`INSERT INTO site (name, created_at) VALUES ('Here', 0) ON CONFLICT DO NOTHING`).run();
  await env.DB.prepare(
    `INSERT INTO agent (id, site_id, name, public_key, created_at) SELECT ?1, id, 'attic', 'key', 0 FROM site WHERE name = 'Here'`,
  )
    .bind(agent.id)
    .run();
  const roots = [{ id: 'films', name: 'films', library, state: 'ok' as const, watch: 'ok' as const }];
  await announceRoots(env, agent.id, roots);
  return { agent, roots, socket: await agent.connect({ roots }) };
}

async function answerNext(socket: FakeSocket) {
  const call = await socket.next('call');
  socket.send({ type: 'answer', id: call.id, body: {} });
  return call;
}

it('are for owners and admins, have defaults, and are written down with what holds from then on', async () => {
  const { person } = world();
  const admin = await person('admin');
  const read = async () => Settings.parse(await (await admin.call('GET', '/settings')).json());
  expect(await read()).toEqual(Settings.parse({}));
  const changed = await admin.call('PUT', '/settings', { auditDays: 365, maxStreams: null, devicePairing: false });
  expect(Settings.parse(await changed.json())).toMatchObject({ auditDays: 365, devicePairing: false });
  expect(await read()).toMatchObject({ auditDays: 365, maxStreams: null, devicePairing: false, backupKeep: 7 });
  const entry = await env.DB.prepare(`SELECT actor, subject FROM audit WHERE event = 'settings.changed'`).first();
  expect(entry).toEqual({ actor: admin.name, subject: 'devicePairing: false, auditDays: 365, maxStreams: none' });
  for (const role of ['member', 'child'] as const) {
    const one = await person(role);
    expect([(await one.call('GET', '/settings')).status, (await one.call('PUT', '/settings', {})).status]).toEqual([
      403, 403,
    ]);
  }
});

it.each([
  { serverName: ' ' },
  { doorMessage: 'x'.repeat(301) },
  { signInDays: 0 },
  { signInDays: 1.5 },
  { auditDays: 29 },
  { maxStreams: 0 },
  { maxRemoteKbps: 499 },
  { rescanMinutes: 4 },
  { rescanMinutes: 121 },
  { agentUpdates: 'sometimes' },
  { agentUpdateHours: '25:00-26:00' },
  { backupKeep: 61 },
  { colour: 'red' },
])('refuse %j, name what is wrong, and change nothing', async (change) => {
  const admin = await world().person('admin');
  const answer = await admin.call('PUT', '/settings', { serverName: 'Changed', ...change });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(await answer.json())).toContain(Object.keys(change)[0]);
  expect((await readSettings(env)).serverName).toBe('Hearthcast');
});

it('of a newer release, or out of bounds by now, do not keep this one from working', async () => {
  await env.DB.batch(
    [
      ['signInDays', '100000'],
      ['colour', '"red"'],
    ].map((row) => env.DB.prepare('INSERT INTO setting VALUES (?, ?, 1)').bind(...row)),
  );
  expect(await readSettings(env)).toEqual(Settings.parse({}));
});

it('say a word at the door', async () => {
  const { person, anyone, edge } = world();
  const owner = await person('owner');
  await owner.call('PUT', '/settings', { doorMessage: 'No films before homework.', serverName: 'The Lovelaces' });
  const seen = async () => (await anyone('GET', '/server')).json();
  expect(await seen()).toMatchObject({ doorMessage: 'No films before homework.', name: 'The Lovelaces' });
  // Another isolate changes it: this one asks again after ten seconds.
  await env.DB.prepare(`UPDATE setting SET value = '"Welcome"' WHERE name = 'doorMessage'`).run();
  expect(await seen()).toMatchObject({ doorMessage: 'No films before homework.' });
  edge.clock.now += 10_000;
  expect(await seen()).toMatchObject({ doorMessage: 'Welcome' });
});

it('decide for how long a device stays signed in that is not used', async () => {
  const { edge, person, anyone } = world();
  const owner = await person('owner');
  await owner.call('PUT', '/settings', { signInDays: 3 });
  const { code } = (await (await owner.call('POST', '/invitations', { role: 'member' })).json()) as { code: string };
  const joining = { code, username: 'Grace', password: 'correct horse battery', delivery: 'body' };
  const joined = SignedIn.parse(await (await anyone('POST', '/auth/join', joining)).json());
  const refresh = (refreshToken = '') => anyone('POST', '/auth/refresh', { refreshToken });
  edge.clock.now += 3 * DAY_MS - 1;
  const second = SignedIn.parse(await (await refresh(joined.refreshToken)).json());
  edge.clock.now += 3 * DAY_MS;
  expect(await outcomeOf(await refresh(second.refreshToken))).toBe('unauthenticated');
});

it('can close the door to televisions that come by a code', async () => {
  const { person, anyone } = world();
  const owner = await person('owner');
  const begin = () => anyone('POST', '/auth/device', { device: 'Living room' });
  const { userCode } = (await (await begin()).json()) as { userCode: string };
  await owner.call('PUT', '/settings', { devicePairing: false });
  expect(await outcomeOf(await begin())).toBe('forbidden');
  expect(await outcomeOf(await owner.call('POST', '/auth/device/approve', { userCode }))).toBe('forbidden');
  expect(await (await anyone('GET', '/server')).json()).toMatchObject({ devicePairing: false });
});

it('decide how far back the log goes', async () => {
  const owner = await world().person('owner');
  const now = Date.now();
  const age = (days: number) => env.DB.prepare('UPDATE audit SET at = ?').bind(now - days * DAY_MS);
  const left = async () => (await env.DB.prepare('SELECT count(*) AS n FROM audit').first<{ n: number }>())?.n;
  await owner.call('PUT', '/settings', { auditDays: 400 });
  await age(399).run();
  await cleanUp(env, now);
  expect(await left()).toBeGreaterThan(0);
  await age(401).run();
  await cleanUp(env, now);
  expect(await left()).toBe(0);
});

it('say what everybody may take for whom nothing else was said', async () => {
  const { person } = world();
  const admin = await person('admin');
  const member = await person('member');
  const path = `/users/${member.id}/limits`;
  const shown = async () => (await admin.call('GET', path)).json();
  await admin.call('PUT', '/settings', { maxStreams: 2, maxRemoteKbps: 8_000 });
  expect(await shown()).toEqual({ maxStreams: 2, maxRemoteKbps: 8_000, own: false });
  await admin.call('PUT', path, { maxStreams: null, maxRemoteKbps: 4_000 });
  expect(await limitsOf(env, Number(member.id))).toEqual({ maxStreams: null, maxRemoteKbps: 4_000, own: true });
  expect(await (await admin.call('DELETE', path)).json()).toEqual({ maxStreams: 2, maxRemoteKbps: 8_000, own: false });
  expect(await outcomeOf(await member.call('DELETE', path))).toBe('forbidden');
});

it('[ST1] tell machines how often to look, where a library says nothing else', async () => {
  const admin = await callerOf('admin');
  const { socket, agent, roots } = await machine('Quiet');
  const set = admin.call('PUT', '/settings', { rescanMinutes: 20 });
  expect(await answerNext(socket)).toMatchObject({
    method: 'library.settings',
    params: { rescanMinutes: { films: 20 } },
  });
  expect((await set).status).toBe(200);
  const { items } = await admin.get('/libraries', Libraries);
  const id = items.find(({ name }) => name === 'Quiet')?.id;
  const own = admin.call('PUT', `/libraries/${id}/settings`, { rescanMinutes: 5 });
  expect(await answerNext(socket)).toMatchObject({ params: { rescanMinutes: { films: 5 } } });
  await own;
  const next = await agent.dial();
  next.send(agent.hello({ roots }));
  expect(await next.next('welcome')).toMatchObject({ rescanMinutes: { films: 5 } });
});

it('[HS8] tell machines how to come to newer agents, at once and when they come back', async () => {
  const admin = await callerOf('admin');
  const { socket, agent, roots } = await machine('Updated');
  const set = admin.call('PUT', '/settings', { agentUpdates: 'automatic', agentUpdateHours: '02:00-05:00' });
  const updates = { mode: 'automatic', hours: '02:00-05:00' };
  expect(await answerNext(socket)).toMatchObject({ method: 'agent.settings', params: { updates } });
  expect((await set).status).toBe(200);
  const next = await agent.dial();
  next.send(agent.hello({ roots }));
  expect(await next.next('welcome')).toMatchObject({ updates });
});
