import { env, exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { announceRoots } from '../../edge/catalog/roots.ts';
import { recordScanProgress } from '../../edge/catalog/scans.ts';
import { MAX_RUNS_PER_ROOT } from '../../edge/db/scan-runs.ts';
import { cleanUp } from '../../edge/identity/clean-up.ts';
import { Libraries, ScanStarted } from '../../shared/api/libraries.ts';
import { CreatedScanHook, ScanHooks, ScanRuns, ScanStopped } from '../../shared/api/scans.ts';
import type { ScanProgress } from '../../shared/protocol/frames.ts';
import type { ScanRunInfo } from '../../shared/protocol/scans.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, count } from './catalog-world.ts';
import { edgeClient } from './edge-client.ts';
import { FakeAgent, type FakeSocket } from './fake-agent.ts';

const admin = await callerOf('admin');
const runId = () => `run_${crypto.randomUUID().replaceAll('-', '').slice(0, 22)}`;

/** A machine with one folder of its own library, connected or not. */
async function machine(library: string, connected = true) {
  const agent = await FakeAgent.enrol();
  await env.DB.prepare(`INSERT INTO site (name, created_at) VALUES ('Scans', 0) ON CONFLICT DO NOTHING`).run();
  await env.DB.prepare(
    `INSERT INTO agent (id, site_id, name, public_key, created_at) SELECT ?1, id, 'attic', 'key', 0 FROM site WHERE name = 'Scans'`,
  )
    .bind(agent.id)
    .run();
  const roots = [{ id: 'films', name: 'films', library, state: 'ok' as const, watch: 'polling' as const }];
  await announceRoots(env, agent.id, roots);
  const socket = connected ? await agent.connect({ roots }) : null;
  const { items } = await admin.get('/libraries', Libraries);
  const id = items.find((one) => one.name === library)?.id as string;
  const runs = async (query = '') => (await admin.get(`/scan-runs?library=${id}${query}`, ScanRuns)).items;
  return { agent, socket: socket as FakeSocket, id, roots, runs };
}

async function answerNext(socket: FakeSocket, body: unknown) {
  const call = await socket.next('call');
  socket.send({ type: 'answer', id: call.id, body });
  return call;
}

function progress(run: Partial<ScanRunInfo> & { id: string }, more: Partial<ScanProgress> = {}): ScanProgress {
  return {
    ...{ kind: 'scan.progress', root: 'films', phase: 'walking', total: null, done: 0, problems: 0, message: null },
    ...more,
    run: { trigger: 'timer', full: false, tookMs: 0, read: 0, removed: 0, held: 0, state: 'running', ...run },
  };
}

it('asks the machines by hand, fully where it is said, and keeps a row of the run they name', async () => {
  const { socket, id, runs, agent } = await machine('By hand');
  const run = runId();
  const asked = admin.call('POST', `/libraries/${id}/scan`, { full: true });
  const call = await answerNext(socket, { started: true, runs: { films: run } });
  expect(call).toMatchObject({ method: 'library.scan', params: { root: 'films', full: true, trigger: 'hand' } });
  expect(ScanStarted.parse(await (await asked).json())).toEqual({ started: 1, offline: 0 });
  expect(await runs()).toMatchObject([
    { state: 'waiting', trigger: 'hand', full: true, askedBy: admin.principal.name },
  ]);

  await recordScanProgress(env, agent.id, progress({ id: run, trigger: 'hand', full: true, tookMs: 5000 }));
  expect(await runs()).toMatchObject([{ state: 'running', endedAt: null, askedBy: admin.principal.name }]);
  const end = { phase: 'done', total: 9, done: 9, problems: 1, message: '2 files are missing.' } as const;
  await recordScanProgress(
    env,
    agent.id,
    progress(
      { id: run, trigger: 'hand', full: true, state: 'done', tookMs: 65_000, read: 7, removed: 3, held: 2 },
      end,
    ),
  );
  const [row] = await runs();
  expect(row).toMatchObject({ state: 'done', total: 9, done: 9, read: 7, removed: 3, held: 2, problems: 1 });
  expect(row).toMatchObject({ message: '2 files are missing.', root: { name: 'films' }, agent: { name: 'attic' } });
  // A late word of what has ended changes nothing.
  await recordScanProgress(env, agent.id, progress({ id: run, trigger: 'hand' }, { phase: 'probing' }));
  expect(await runs()).toMatchObject([{ state: 'done', done: 9 }]);
});

it('takes over what agents begin by themselves, whichever word comes first', async () => {
  const { agent, runs, socket, id } = await machine('By itself');
  const run = runId();
  const asked = admin.call('POST', `/libraries/${id}/scan`, {});
  const call = await socket.next('call');
  await recordScanProgress(env, agent.id, progress({ id: run, trigger: 'hand' }));
  socket.send({ type: 'answer', id: call.id, body: { started: true, runs: { films: run } } });
  await asked;
  expect(await runs()).toMatchObject([{ state: 'running', askedBy: admin.principal.name }]);
  for (const trigger of ['start', 'change', 'timer'] as const) {
    await recordScanProgress(env, agent.id, progress({ id: runId(), trigger, state: 'done' }, { phase: 'done' }));
  }
  expect((await runs()).map((row) => row.trigger)).toEqual(['timer', 'change', 'start', 'hand']);
});

it('writes a run down as interrupted where its agent began another without a word of its end', async () => {
  const { agent, runs, socket, id } = await machine('Interrupted');
  await recordScanProgress(env, agent.id, progress({ id: runId() }));
  const asked = admin.call('POST', `/libraries/${id}/scan`);
  await answerNext(socket, { started: true, runs: { films: runId() } });
  await asked;
  const next = runId();
  await recordScanProgress(env, agent.id, progress({ id: next }));
  expect((await runs()).map((row) => row.state)).toEqual(['running', 'waiting', 'interrupted']);
  // What waited in a process that is gone waits no more.
  await recordScanProgress(env, agent.id, progress({ id: runId(), trigger: 'start' }));
  expect((await runs()).map((row) => row.state)).toEqual(['running', 'interrupted', 'interrupted', 'interrupted']);
  await recordScanProgress(env, agent.id, progress({ id: next, state: 'done' }, { phase: 'done' }));
  expect((await runs()).map((row) => row.state)).toEqual(['running', 'done', 'interrupted', 'interrupted']);
});

it('asks a machine that was away when it is back, once for all who asked', async () => {
  const { agent, id, roots, runs } = await machine('Away', false);
  const made = await admin.call('POST', '/scan-hooks', { name: 'Downloader', libraryId: id });
  const { path } = CreatedScanHook.parse(await made.json());
  const hook = (query = '') => exports.default.fetch(`http://edge.test${path}${query}`, { method: 'POST' });
  for (const query of ['', '?full=true', ''])
    expect(await (await hook(query)).json()).toEqual({ started: 0, offline: 1 });
  const message = expect.stringContaining('when it is back');
  expect(await runs()).toMatchObject([{ state: 'waiting', trigger: 'webhook', full: true, message }]);
  const socket = await agent.connect({ roots });
  const run = runId();
  const call = await answerNext(socket, { started: true, runs: { films: run } });
  expect(call).toMatchObject({ method: 'library.scan', params: { root: 'films', full: true, trigger: 'webhook' } });
  await expect.poll(async () => (await runs()).map((row) => row.message)).toEqual([null]);
  expect(await runs()).toMatchObject([{ state: 'waiting', full: true, askedBy: 'Downloader' }]);
  await recordScanProgress(env, agent.id, progress({ id: run, trigger: 'webhook', full: true, state: 'done' }));
  expect((await runs()).map((row) => row.state)).toEqual(['done']);
});

it('stops what waits for a machine, too', async () => {
  const { id, runs } = await machine('Never back', false);
  await admin.call('POST', `/libraries/${id}/scan`);
  await admin.call('POST', `/libraries/${id}/scan/stop`);
  expect((await runs()).map((row) => row.state)).toEqual(['stopped']);
});

it('knows what an agent does that knows no runs', async () => {
  const old = await machine('Old');
  const asked = admin.call('POST', `/libraries/${old.id}/scan`);
  await answerNext(old.socket, { started: true });
  expect(await (await asked).json()).toEqual({ started: 1, offline: 0 });
  const { run: _, ...plain } = progress({ id: runId() });
  await recordScanProgress(env, old.agent.id, plain);
  expect(await old.runs()).toEqual([]);
  expect((await admin.call('POST', '/libraries/999999/scan')).status).toBe(404);
});

it('stops what runs, by a call to the machine', async () => {
  const { socket, id } = await machine('Stopped');
  const asked = admin.call('POST', `/libraries/${id}/scan/stop`);
  const call = await answerNext(socket, { stopped: true });
  expect(call).toMatchObject({ method: 'library.stop', params: { root: 'films' } });
  expect(ScanStopped.parse(await (await asked).json())).toEqual({ stopped: 1, offline: 0 });
  // An agent one version behind refuses the call.
  const again = admin.call('POST', `/libraries/${id}/scan/stop`);
  const { id: call2 } = await socket.next('call');
  socket.send({ type: 'failure', id: call2, class: 'content', code: 'bad-request', detail: 'unknown' });
  expect(await (await again).json()).toEqual({ stopped: 0, offline: 1 });
});

it('keeps no more runs than it should, and none for longer than a month', async () => {
  const { agent, runs } = await machine('Many runs', false);
  await env.DB.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 299)
    INSERT INTO scan_run (agent_id, root, run, library_id, trigger, full, state, phase, done, read, removed, held,
      problems, started_at, updated_at, ended_at)
    SELECT ?1, 'films', 'run_' || i, NULL, 'timer', 0, 'done', 'done', 0, 0, 0, 0, 0, ?2, ?2, ?2 FROM n`,
  )
    .bind(agent.id, Date.now() - 31 * 86_400_000)
    .run();
  await recordScanProgress(env, agent.id, progress({ id: runId() }));
  expect(await count(`scan_run WHERE agent_id = '${agent.id}'`)).toBe(MAX_RUNS_PER_ROOT);
  await cleanUp(env, Date.now());
  expect(await runs()).toHaveLength(1);
});

it('pages through runs, those of one library or all', async () => {
  const { agent, id } = await machine('Paged', false);
  for (let i = 0; i < 5; i++) {
    await recordScanProgress(env, agent.id, progress({ id: runId(), state: 'done' }, { phase: 'done', done: i }));
  }
  const first = await admin.get(`/scan-runs?library=${id}&limit=3`, ScanRuns);
  const rest = await admin.get(`/scan-runs?library=${id}&limit=3&cursor=${first.next}`, ScanRuns);
  expect([...first.items, ...rest.items].map((row) => row.done)).toEqual([4, 3, 2, 1, 0]);
  expect(rest.next).toBeNull();
  expect((await admin.get('/scan-runs?limit=200', ScanRuns)).items.length).toBeGreaterThanOrEqual(5);
});

it('[ST1] tells machines how often to look, at once and when they come back, and shows how each folder is watched', async () => {
  const { agent, socket, id, roots } = await machine('Often');
  const set = admin.call('PUT', `/libraries/${id}/settings`, { rescanMinutes: 15 });
  const call = await answerNext(socket, {});
  expect(call).toMatchObject({ method: 'library.settings', params: { rescanMinutes: { films: 15 } } });
  expect((await set).status).toBe(204);
  const library = (await admin.get('/libraries', Libraries)).items.find((one) => one.id === id);
  expect(library).toMatchObject({ rescanMinutes: 15, roots: [{ watch: 'polling' }] });
  const next = await agent.dial();
  next.send(agent.hello({ roots }));
  expect(await next.next('welcome')).toMatchObject({ rescanMinutes: { films: 15 } });
  for (const rescanMinutes of [4, 121, 'often', 7.5]) {
    expect((await admin.call('PUT', `/libraries/${id}/settings`, { rescanMinutes })).status).toBe(400);
  }
  const back = admin.call('PUT', `/libraries/${id}/settings`, { rescanMinutes: null });
  expect(await answerNext(next, {})).toMatchObject({ params: { rescanMinutes: {} } });
  expect((await back).status).toBe(204);
});

it('gives addresses to programs, which scan what they were made for until they are revoked', async () => {
  const { socket, id, runs } = await machine('Hooked');
  await agentWith({ other: 'Not hooked' });
  const made = await admin.call('POST', '/scan-hooks', { name: 'Download client', libraryId: id });
  expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const hook = CreatedScanHook.parse(await made.json());
  expect(hook.path).toMatch(/^\/api\/v1\/hooks\/scan\/[\w-]{43}$/);
  const token = hook.path.split('/').at(-1) as string;
  const { results } = await env.DB.prepare('SELECT * FROM scan_hook').all();
  expect(JSON.stringify(results)).not.toContain(token);

  const knock = (path = hook.path) =>
    exports.default.fetch(`http://edge.test${path}`, { method: 'POST', body: '{"eventType":"Download"}' });
  const run = runId();
  const called = knock(`${hook.path}?full=true`);
  const call = await answerNext(socket, { started: true, runs: { films: run } });
  expect(call).toMatchObject({ params: { root: 'films', full: true, trigger: 'webhook' } });
  expect(await (await called).json()).toEqual({ started: 1, offline: 0 });
  expect(await runs()).toMatchObject([{ trigger: 'webhook', askedBy: 'Download client' }]);
  const listed = (await admin.get('/scan-hooks', ScanHooks)).items.find((one) => one.id === hook.id);
  expect(listed).toMatchObject({ name: 'Download client', library: { id }, lastUsedAt: expect.any(Number) });
  expect(JSON.stringify(listed)).not.toContain(token);

  expect((await knock(`${hook.path}x`)).status).toBe(404);
  expect((await knock('/api/v1/hooks/scan/guess')).status).toBe(404);
  expect((await admin.call('DELETE', `/scan-hooks/${hook.id}`)).status).toBe(204);
  expect((await knock()).status).toBe(404);
  expect((await admin.call('DELETE', `/scan-hooks/${hook.id}`)).status).toBe(404);
  const member = await callerOf('member');
  for (const [method, path] of [
    ['GET', '/scan-hooks'],
    ['POST', '/scan-hooks'],
    ['GET', '/scan-runs'],
    ['POST', `/libraries/${id}/scan/stop`],
    ['PUT', `/libraries/${id}/settings`],
  ] as const) {
    expect((await member.call(method, path, method === 'GET' ? undefined : {})).status).toBe(403);
  }
});

it('limits each address, and guesses of addresses', async () => {
  const counted: string[] = [];
  const refuse = {
    limit: async ({ key }: { key: string }) => {
      counted.push(key);
      return { success: false };
    },
  };
  const made = await admin.call('POST', '/scan-hooks', { name: 'Busy' });
  const { path } = CreatedScanHook.parse(await made.json());
  const busy = edgeClient({ bindings: { LOGIN_LIMIT: refuse as never } });
  expect((await busy.post(path)).status).toBe(429);
  const guessing = edgeClient({ bindings: { GUESS_LIMIT: refuse as never } });
  expect((await guessing.post('/api/v1/hooks/scan/guess')).status).toBe(429);
  expect(counted.join()).not.toContain(path.split('/').at(-1));
});
