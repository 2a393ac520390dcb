import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../../scripts/build/paths.ts';
import { type LocalEdge, startEdge } from '../../scripts/local/edge.ts';
import { CHROMIUM } from '../bench/device.ts';
import { rowsOf } from './backup-rows.ts';
import { waitFor } from './household.ts';
import { makeFolder } from './local-server.ts';
import { type OldRelease, unpackOldRelease } from './old-release.ts';
import { makeFilms } from './time-coded-film.ts';

const ENROLMENT_CODE = 'TEST-ENROL';
const SETUP_CODE = 'TEST-SETUP';
const SECRET = randomBytes(32).toString('base64url');
const OWNER = { username: 'Ada', password: 'correct horse battery' };

const folder = makeFolder();
const films = join(folder.path, 'films');
let old: OldRelease;
let edge: LocalEdge | null = null;
let agent: ChildProcess | null = null;
let port = 0;
let token = '';
/** As the release before made it. */
let backup: Uint8Array<ArrayBuffer>;

beforeAll(() => {
  old = unpackOldRelease(join(folder.path, 'release'));
  makeFilms(films, 20);
});

afterAll(async () => {
  await stopAgent();
  await stopEdge();
  folder[Symbol.dispose]();
});

async function startEdgeOf(release: 'before' | 'this', data = 'data'): Promise<void> {
  await stopEdge();
  edge = await startEdge({
    dataDir: join(folder.path, data),
    host: '127.0.0.1',
    port,
    bindings: { HEARTHCAST_SECRET: SECRET, SETUP_CODE, ENROLMENT_CODE },
    ...(release === 'before' ? { release: old } : {}),
  });
  port = edge.port;
}

async function stopEdge(): Promise<void> {
  await edge?.[Symbol.asyncDispose]();
  edge = null;
}

function startAgentOf(release: 'before' | 'this'): void {
  const script = release === 'before' ? old.agent : join(PROJECT, 'agent', 'cli.ts');
  const args = ['run', '--edge', `http://127.0.0.1:${port}`, '--data', join(folder.path, 'agent')];
  args.push('--root', `Movies=${films}`, '--code', ENROLMENT_CODE, '--name', 'box', '--exit-with-parent');
  agent = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  for (const stream of [agent.stdout, agent.stderr]) {
    if (stream)
      createInterface({ input: stream }).on('line', (line) =>
        appendFileSync(join(folder.path, 'agent.log'), `${line}\n`),
      );
  }
}

async function stopAgent(): Promise<void> {
  const child = agent;
  agent = null;
  if (!child || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (answer.status === 204 ? null : await answer.json()) as T;
}

async function signIn(path: '/auth/setup' | '/auth/login'): Promise<void> {
  token = '';
  const device = path === '/auth/login' ? { device: 'test' } : { setupCode: SETUP_CODE };
  ({ accessToken: token } = await call<{ accessToken: string }>('POST', path, {
    ...OWNER,
    ...device,
    delivery: 'body',
  }));
}

interface Card {
  id: string;
  title: string;
}

/** Both films, once the machine has come. On a busy machine it looks at its encoders for half a minute. */
async function titles(): Promise<Map<string, string>> {
  return waitFor('both films, playable', 120_000, async () => {
    const { items } = await call<{ items: Card[] }>('GET', '/search?q=a').catch(() => ({ items: [] }));
    const { items: more } = await call<{ items: Card[] }>('GET', '/search?q=b').catch(() => ({ items: [] }));
    const found = new Map([...items, ...more].map(({ id, title }) => [title, id]));
    const { items: agents } = await call<{ items: { online: boolean }[] }>('GET', '/agents');
    return found.has('Anchor') && found.has('Beacon') && agents.some(({ online }) => online) ? found : null;
  });
}

interface Started {
  sessionId: string;
  delivery: 'file' | 'hls';
  url: string;
}

/** Plays the first piece of a film, and says how it was done and how many bytes came. */
async function play(id: string): Promise<{ delivery: string; bytes: number }> {
  // The edge shows a machine that went away as there for some seconds more.
  const { sessionId, delivery, url } = await waitFor('the machine to play', 120_000, () =>
    call<Started>('POST', `/items/${id}/play`, { profile: CHROMIUM }),
  );
  const origin = `http://127.0.0.1:${port}`;
  const media = new URL(url, origin);
  const first = delivery === 'file' ? media : await firstSegment(media);
  const answer = await fetch(first, { headers: delivery === 'file' ? { range: 'bytes=0-99999' } : {} });
  if (!answer.ok) throw new Error(`${delivery} ${first}: ${answer.status} ${await answer.text()}`);
  const bytes = (await answer.arrayBuffer()).byteLength;
  await call('POST', `/sessions/${sessionId}/progress`, { positionMs: 9_000, state: 'playing' });
  await call('POST', `/sessions/${sessionId}/stop`, { positionMs: 9_000 });
  return { delivery, bytes };
}

async function firstSegment(master: URL): Promise<URL> {
  const line = async (url: URL) =>
    (await (await fetch(url)).text()).split('\n').find((text) => text !== '' && !text.startsWith('#')) ?? '';
  const playlist = new URL(await line(master), master);
  return new URL(await line(playlist), playlist);
}

const playsBoth = async () => {
  const films = await titles();
  for (const [title, delivery] of [
    ['Beacon', 'file'],
    ['Anchor', 'hls'],
  ] as const) {
    const played = await play(films.get(title) ?? '');
    expect([title, played.delivery]).toEqual([title, delivery]);
    expect(played.bytes).toBeGreaterThan(10_000);
  }
};

/** Some of each that people can make. */
async function peopleMake(items: readonly string[]): Promise<void> {
  await call('PUT', `/items/${items[0]}/rating`, { rating: 9 });
  await call('PUT', `/items/${items[0]}/played`, { played: true });
  const playlist = await call<{ id: string }>('POST', '/playlists', { name: 'Rainy days' });
  await call('PUT', `/playlists/${playlist.id}`, { items });
  const kim = { username: 'Kim', password: OWNER.password, role: 'child', maxAge: 12 };
  const { id } = await call<{ id: string }>('POST', '/users', kim);
  await call('PUT', `/users/${id}/limits`, { maxStreams: 1, maxRemoteKbps: 8_000 });
  await call('POST', '/api-keys', { name: 'Script', scopes: ['read'] });
  await call('POST', '/scan-hooks', { name: 'Downloader' });
  await call('PUT', '/settings', { serverName: 'Our films' });
}

async function takeBackup(): Promise<Uint8Array<ArrayBuffer>> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/backups/now`, { headers });
  return new Uint8Array(await answer.arrayBuffer());
}

describe('an upgrade from the release before', () => {
  it('begins with that release, its machine and its people', async () => {
    await startEdgeOf('before');
    await signIn('/auth/setup');
    startAgentOf('before');
    await playsBoth();
    const found = await titles();
    const id = found.get('Beacon');
    await call('PUT', `/items/${id}/favorite`, { favorite: true });
    await peopleMake([...found.values()]);
    backup = await takeBackup();
    copyFileSync(join(films, 'Beacon (2020).mp4'), join(folder.path, 'kept.mp4'));
  });

  it('keeps everything, and the machine of the release before works on', async () => {
    await startEdgeOf('this');
    await signIn('/auth/login');
    await playsBoth();
    const { items } = await call<{ items: Card[] }>('GET', '/users/me/favorites');
    expect(items.map(({ title }) => title)).toEqual(['Beacon']);
    await call('POST', '/users', { username: 'Grace', password: 'correct horse battery', role: 'member' });
  });

  it('brings the machine along', async () => {
    await stopAgent();
    startAgentOf('this');
    await playsBoth();
  });

  it('goes back: the release before runs on the new schema and on what was written since', async () => {
    await stopAgent();
    await startEdgeOf('before');
    await signIn('/auth/login');
    startAgentOf('before');
    await playsBoth();
    const { items } = await call<{ items: { name: string }[] }>('GET', '/users');
    expect(items.map(({ name }) => name).sort()).toEqual(['Ada', 'Grace', 'Kim']);
    mkdirSync(join(films, 'more'), { recursive: true });
    copyFileSync(join(folder.path, 'kept.mp4'), join(films, 'more', 'Cove (2022).mp4'));
    await waitFor('a film that came since', 60_000, async () => {
      const { items: found } = await call<{ items: Card[] }>('GET', '/search?q=cove');
      return found.length > 0 ? true : null;
    });
  });

  it('and forward again', async () => {
    await startEdgeOf('this');
    await signIn('/auth/login');
    await playsBoth();
    const { items } = await call<{ items: Card[] }>('GET', '/search?q=cove');
    expect(items.map(({ title }) => title)).toEqual(['Cove']);
  });

  it('and its backup comes back into an empty deployment of this one, row by row', async () => {
    await stopAgent();
    await startEdgeOf('this', 'empty');
    const headers = { 'x-setup-code': SETUP_CODE };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/restore`, { method: 'POST', headers, body: backup });
    expect([answer.status, await answer.json()]).toMatchObject([200, { records: { user: 2, playlist_item: 2 } }]);
    await signIn('/auth/login');
    const [before, after] = [rowsOf(backup), rowsOf(await takeBackup())];
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(['user_limit', 'user_restriction', 'api_key', 'scan_hook']),
    );
    for (const [table, rows] of Object.entries(before)) {
      expect([table, after[table]]).toEqual([table, rows.map((row) => expect.objectContaining(row))]);
    }
  });
});
