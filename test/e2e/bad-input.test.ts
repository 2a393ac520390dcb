import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './browser.ts';
import { isAlive, type LocalServer, makeFolder, startServer } from './local-server.ts';

const OWNER = { username: 'Grace', password: 'a long enough password' };
/** A name as long as file systems allow: 255 bytes. */
const LONG = `${'ж'.repeat(123)} 1.mp4`;
const GOOD = [
  'Plain (2001).mp4',
  'Line\nbreak (2002).mp4',
  `Quotes "and' more (2003).mp4`,
  'Emoji 🎬 (2004).mp4',
  LONG,
];
const BAD = { 'Empty (2005).mkv': 'empty', 'Letter (2006).mkv': 'not-media', 'Cut (2007).mp4': 'truncated' };

const folder = makeFolder();
let server: LocalServer;
let headers: Record<string, string>;

function ffmpeg(...args: string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function makeMedia(dir: string): void {
  mkdirSync(dir);
  const film = join(dir, GOOD[0] as string);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=24:duration=2'];
  const sound = ['-f', 'lavfi', '-i', 'sine=duration=2'];
  ffmpeg(...picture, ...sound, '-pix_fmt', 'yuv420p', film);
  for (const name of GOOD.slice(1)) writeFileSync(join(dir, name), readFileSync(film));
  ffmpeg(...sound, '-vn', join(dir, 'Sound alone (2008).mp4'));
  const tracks = Array.from({ length: 20 }, () => ['-map', '1:a']).flat();
  ffmpeg(...picture, ...sound, '-map', '0:v', ...tracks, '-pix_fmt', 'yuv420p', join(dir, 'Babel (2009).mkv'));
  writeFileSync(join(dir, 'Empty (2005).mkv'), '');
  writeFileSync(join(dir, 'Letter (2006).mkv'), 'Dear Sir or Madam,\n'.repeat(100));
  writeFileSync(join(dir, 'Cut (2007).mp4'), readFileSync(film));
  truncateSync(join(dir, 'Cut (2007).mp4'), 3000);
  symlinkSync(dir, join(dir, 'loop'));
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(server.url + path, { headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

beforeAll(async () => {
  makeMedia(join(folder.path, 'Odd'));
  server = await startServer(
    ['--data', join(folder.path, 'data'), '--port', '0', '--media', join(folder.path, 'Odd')],
    {
      env: { HEARTHCAST_OWNER: OWNER.username, HEARTHCAST_PASSWORD: OWNER.password },
    },
  );
  const login = await fetch(`${server.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(OWNER),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  headers = { authorization: `Bearer ${accessToken}` };
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('a folder full of odd files', () => {
  it('becomes items and listed problems, and none of it stops the scan or the agent', async () => {
    await expect
      .poll(
        async () => {
          const { items } = await get<{ items: { items: number; problems: number }[] }>('/api/v1/libraries');
          return items.map(({ items, problems }) => [items, problems]);
        },
        { timeout: 60_000, interval: 500 },
      )
      .toEqual([[GOOD.length + 2, Object.keys(BAD).length]]);
    const { items: problems } = await get<{ items: { path: string; code: string }[] }>('/api/v1/libraries/1/problems');
    expect(Object.fromEntries(problems.map(({ path, code }) => [path, code]))).toEqual(BAD);
    expect(isAlive(server.agentPid)).toBe(true);
  });

  it('shows each problem on the library’s page with the file’s name', async () => {
    await using browser = await openBrowser({ width: 390, height: 844 });
    const { page } = browser;
    await page.goto(`${server.url}/`);
    await page.fill('[data-testid="login-username"]', OWNER.username);
    await page.fill('[data-testid="login-password"]', OWNER.password);
    await page.click('[data-testid="login-submit"]');
    await page.waitForSelector('[data-testid="card"]');
    await page.goto(`${server.url}/library/1`);
    await page.getByRole('link', { name: /problem/i }).click();
    for (const name of Object.keys(BAD)) await page.getByText(name).first().waitFor();
  });
});
