import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Home, ItemPage } from '../../shared/api/items.ts';
import type { Libraries } from '../../shared/api/libraries.ts';
import type { Profiles } from '../../shared/api/profiles.ts';
import type { SeeAs } from '../../shared/api/users.ts';
import { CHROMIUM } from '../bench/device.ts';
import { type Browser, openBrowser, shoot } from './browser.ts';
import { type LocalServer, makeFolder, startServer } from './local-server.ts';
import { makeSmallLibrary } from './small-library.ts';

const PASSWORD = 'correct horse battery';
const PIN = '471147';
const folder = makeFolder();
let server: LocalServer;
let owner: Browser;
let child: Browser;
let invitation = '';

beforeAll(async () => {
  const env = { HEARTHCAST_OWNER: 'Ada', HEARTHCAST_PASSWORD: PASSWORD };
  const media = makeSmallLibrary(join(folder.path, 'media')).flatMap((dir) => ['--media', dir]);
  [server, owner, child] = await Promise.all([
    startServer(['--data', join(folder.path, 'data'), '--port', '0', ...media], { env }),
    openBrowser({ width: 1440, height: 900 }),
    openBrowser({ width: 390, height: 844 }),
  ]);
});

afterAll(async () => {
  await owner?.[Symbol.asyncDispose]();
  await child?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const id = (name: string) => `[data-testid="${name}"]`;
const card = (title: string) => `[data-testid="card"][data-title="${title}"]`;

/** What the page itself gets from the API, with the cookies of whoever is signed in there. */
function ask<T>(
  { page }: Browser,
  path: string,
  init?: { method: string; body?: unknown },
): Promise<{ status: number; body: T }> {
  return page.evaluate(
    async ([url, options]) => {
      const request = options ? { method: options.method, body: JSON.stringify(options.body) } : {};
      const response = await fetch(url, request);
      return { status: response.status, body: (await response.json().catch(() => null)) as T };
    },
    [`/api/v1${path}`, init] as const,
  );
}

/** Tries every way to a film of the library that somebody does not see. */
async function reachesNothingHidden(child: Browser): Promise<void> {
  const libraries = await ask<z.infer<typeof Libraries>>(owner, '/libraries');
  const movies = libraries.body.items.find(({ name }) => name === 'Movies');
  const listed = await ask<z.infer<typeof ItemPage>>(owner, `/libraries/${movies?.id}/items`);
  const hidden = listed.body.items.find(({ title }) => title === 'Lighthouse');
  expect(hidden?.images.poster).toBeTruthy();
  const mine = await ask<z.infer<typeof Libraries>>(child, '/libraries');
  expect(mine.body.items.map(({ name }) => name)).toEqual(['Shows']);

  const denied = [
    `/libraries/${movies?.id}/items`,
    `/items/${hidden?.id}`,
    `/items/${hidden?.id}/children`,
    `/items/${hidden?.id}/similar`,
  ];
  for (const path of denied) expect([path, (await ask(child, path)).status]).toEqual([path, 404]);
  const picture = (hidden?.images.poster ?? '').replace('/api/v1', '');
  expect((await ask(owner, picture)).status).toBe(200);
  for (const path of [picture, `${picture}?k=${'A'.repeat(16)}`]) {
    expect([path, (await ask(child, path)).status]).toEqual([path, 404]);
  }
  const changes = [
    ['PUT', `/items/${hidden?.id}/played`, { played: true }],
    ['PUT', `/items/${hidden?.id}/favorite`, { favorite: true }],
  ] as const;
  for (const [method, path, body] of changes) {
    expect([path, (await ask(child, path, { method, body })).status]).toEqual([path, 404]);
  }
  const play = await ask<{ code: string }>(child, `/items/${hidden?.id}/play`, {
    method: 'POST',
    body: { profile: CHROMIUM },
  });
  expect([play.status, play.body.code]).toEqual([404, 'not-found']);
  const text = JSON.stringify([await ask(child, '/home'), await ask(child, '/search?q=light')]);
  expect(text).not.toContain('Lighthouse');
}

describe('a child who is invited', () => {
  it('gets a link from the owner, for one library', async () => {
    const { page } = owner;
    await page.goto(`${server.url}/sign-in`);
    await page.fill(id('login-username'), 'Ada');
    await page.fill(id('login-password'), PASSWORD);
    await page.click(id('login-submit'));
    for (const title of ['Lighthouse', 'Harbour Lane']) await page.waitForSelector(card(title), { timeout: 90_000 });
    await page.click(id('account-menu'));
    await page.click('text=People');
    await page.click(id('invite'));
    await page.fill('input[name="note"]', 'My niece');
    await page.click(id('role-child'));
    await page.click(id('all-libraries'));
    await page.click(id('library-Movies'));
    await page.click(id('make-invitation'));
    invitation = (await page.textContent(id('invitation-link'))) ?? '';
    expect(invitation).toMatch(/\/join#code=[A-Z0-9-]{19}$/);
  });

  it('comes in with it, and the code leaves the address bar', async () => {
    const { page } = child;
    await page.goto(server.url + new URL(invitation).pathname + new URL(invitation).hash);
    await page.fill(id('join-username'), 'Grace');
    expect(page.url()).toBe(`${server.url}/join`);
    await page.fill(id('join-password'), PASSWORD);
    await page.fill(id('join-confirmation'), PASSWORD);
    await page.click(id('join-submit'));
    await page.waitForSelector(id('account-menu'));
  });

  it('sees the library that was chosen, and nothing of the other', async () => {
    const { page } = child;
    await page.waitForSelector(card('Harbour Lane'));
    const titles = await page.$$eval(id('card'), (cards) => cards.map((element) => element.getAttribute('data-title')));
    expect(titles).toContain('Harbour Lane');
    expect(titles).not.toContain('Lighthouse');
    await page.goto(`${server.url}/search?q=lighthouse`);
    await page.waitForSelector('text=/No(thing| titles?)/i');
    expect(await page.$(card('Lighthouse'))).toBeNull();
  });

  it('watches, and is offered no file to keep; its owner is, under the title’s name', async () => {
    for (const [{ page }, title] of [
      [child, 'Harbour Lane'],
      [owner, 'Lighthouse'],
    ] as const) {
      await page.goto(server.url);
      await page.click(card(title));
    }
    await child.page.click('text=Low Tide');
    await child.page.waitForSelector(id('copy'));
    await child.page.click(id('more'));
    await child.page.waitForSelector(id('more-playlist'));
    expect(await child.page.$(id('more-download'))).toBeNull();
    expect(await child.page.$('[aria-label^="Download"]')).toBeNull();
    await owner.page.click(id('more'));
    await shoot(owner, 'download');
    const [download] = await Promise.all([owner.page.waitForEvent('download'), owner.page.click(id('more-download'))]);
    expect(download.suggestedFilename()).toBe('Lighthouse.mp4');
    const film = readFileSync(join(folder.path, 'media', 'Movies', 'Lighthouse (2021)', 'Lighthouse (2021).mp4'));
    expect(readFileSync(await download.path()).equals(film)).toBe(true);
  });

  it('reaches what is hidden by no route, search, picture or stream', async () => {
    await reachesNothingHidden(child);
  });

  it('may not look after machines or people', async () => {
    for (const path of ['/users', '/audit', '/agents', '/sites', '/sessions', '/invitations']) {
      expect([path, (await ask(child, path)).status]).toEqual([path, 403]);
    }
  });

  it('is out within a moment when the owner turns the account off', async () => {
    const { page } = owner;
    await page.goto(`${server.url}/admin/people`);
    await page.click('[aria-label="Change Grace"]');
    await page.click('text=Turn off');
    await page.waitForSelector('text=Turned off');
    expect((await ask(child, '/users/me')).status).toBe(401);
    await child.page.goto(`${server.url}/`);
    await child.page.waitForSelector(id('login-submit'));
  });
});

describe('a child’s profile', () => {
  it('is made with one library, beside an own PIN', async () => {
    const { page } = owner;
    await page.goto(`${server.url}/account`);
    await page.click('[aria-label="PIN of Ada"]');
    await page.fill(id('new-pin'), PIN);
    await page.click(id('save-pin'));
    await page.waitForSelector('[aria-label="PIN of Ada"]:has-text("Change PIN")');
    await page.click(id('add-profile'));
    await page.fill(id('profile-name'), 'Kid');
    await page.click(id('all-libraries'));
    await page.click(id('library-Movies'));
    await page.click(id('save-profile'));
    await page.waitForSelector('[aria-label="Change Kid"]');
  });

  it('is chosen after a sign-in, and sees its library only', async () => {
    const { page } = child;
    await page.goto(`${server.url}/sign-in`);
    await page.fill(id('login-username'), 'Ada');
    await page.fill(id('login-password'), PASSWORD);
    await page.click(id('login-submit'));
    await page.click(`${id('profile')}[data-name="Kid"]`);
    await page.waitForSelector(card('Harbour Lane'));
    expect(await page.$(card('Lighthouse'))).toBeNull();
    await reachesNothingHidden(child);
  });

  it('does not leave without the PIN of the other', async () => {
    const { page } = child;
    const { body } = await ask<z.infer<typeof Profiles>>(child, '/profiles');
    const main = body.items.find((profile) => profile.main);
    const open = (proof: object) => ask(child, `/profiles/${main?.id}/open`, { method: 'POST', body: proof });
    expect((await open({ delivery: 'cookie' })).status).toBe(403);
    expect((await ask(child, '/users/me/sessions')).status).toBe(403);
    expect((await ask(child, '/users')).status).toBe(403);
    await page.click(id('account-menu'));
    await page.click(id('switch-profile'));
    await page.click(`${id('profile')}[data-name="Ada"]`);
    await page.fill(id('profile-pin'), '0000');
    await page.click(id('open-profile'));
    await page.waitForSelector('text=The PIN is wrong.');
    await page.fill(id('profile-pin'), PIN);
    await page.click(id('open-profile'));
    await page.waitForSelector(card('Lighthouse'));
  });
});

describe('the owner', () => {
  it('sees what the child’s profile sees, and nothing can be played then', async () => {
    const { page } = owner;
    const { body } = await ask<z.infer<typeof Profiles>>(owner, '/profiles');
    const kid = body.items.find(({ name }) => name === 'Kid');
    const view = await ask<z.infer<typeof SeeAs>>(owner, `/users/${kid?.id}/see-as`, { method: 'POST' });
    await page.evaluate((word) => sessionStorage.setItem('hearthcast.see-as', word), JSON.stringify(view.body));
    await page.goto(server.url);
    await page.waitForSelector(id('see-as'));
    await page.waitForSelector(card('Harbour Lane'));
    expect(await page.$(card('Lighthouse'))).toBeNull();
    await page.click('text=Stop');
    await page.goto(server.url);
    await page.waitForSelector(card('Lighthouse'));
  });
});

describe('from outside', () => {
  /** A request as no browser would send it; what is no route of the Worker's gets the app's page. */
  const raw = (path: string, headers: Record<string, string>, body?: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sent = request(`${server.url}${path}`, { method: body ? 'POST' : 'GET', headers }, (response) => {
        let text = '';
        response.setEncoding('latin1').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on('error', reject).end(body);
    });

  it('no stored picture is served past the sign-in, whatever host is asked for', async () => {
    const { body } = await ask<z.infer<typeof Home>>(owner, '/home');
    const pictures = JSON.stringify(body).match(/images\/[0-9a-f]{32}/g) ?? [];
    expect(pictures.length).toBeGreaterThan(0);
    for (const host of ['localhost', '127.0.0.1', new URL(server.url).host, 'hearth.example']) {
      for (const picture of new Set(pictures.map((path) => path.slice('images/'.length)))) {
        for (const name of [picture, ...['200', '400', '800', '1600'].map((width) => `${picture}/${width}`)]) {
          const { text } = await raw(`/cdn-cgi/local/r2/public/hearthcast-images/${name}`, { host });
          expect([host, name, text.includes('<title>')]).toEqual([host, name, true]);
        }
      }
    }
    const { text } = await raw('/cdn-cgi/local/r2/public/hearthcast-images/', { host: 'localhost' });
    expect(text).toContain('<title>');
  });

  it('no header of the local runtime leads to a route past its policy', async () => {
    const { host } = new URL(server.url);
    for (const headers of [
      { 'mf-route-override': 'hearthcast' },
      { 'mf-original-url': `http://${host}/api/v1/server` },
      { 'mf-cf-blob': '{"clientIp":"127.0.0.1"}' },
      { 'mf-cf-blob': 'unreadable' },
      { 'mf-op': 'GET', 'mf-op-target': 'env', 'mf-op-secret': '0' },
      { 'mf-proxy-shared-secret': 'x' },
      { 'mf-loopback-secret': 'x' },
    ] as Record<string, string>[]) {
      const { status, text } = await raw('/api/v1/users', headers);
      expect([headers, status]).toEqual([headers, expect.toBeOneOf([200, 400, 401])]);
      expect(text).not.toContain('Grace');
    }
    for (const path of [
      '/cdn-cgi/local/platform-proxy',
      '/cdn-cgi/local/scheduled',
      '/cdn-cgi/local/explorer',
      '/cdn-cgi/local/email',
    ]) {
      const { status, text } = await raw(path, { host: 'localhost', 'mf-op': 'GET', 'mf-op-secret': '0' });
      expect([path, status === 200 && !text.includes('<title>')]).toEqual([path, false]);
    }
  });

  it('no address that a client says itself gives it more guesses', async () => {
    const guess = (i: number) =>
      raw(
        '/api/v1/auth/login',
        {
          'content-type': 'application/json',
          'cf-connecting-ip': `198.51.100.${i}`,
          'x-forwarded-for': `198.51.100.${i}`,
        },
        JSON.stringify({ username: 'Grace', password: 'a wrong guess' }),
      );
    // Ten a minute, by the clock's minutes: one that ends on the way gives as many again.
    const answers: number[] = [];
    for (let i = 1; i <= 40 && answers.at(-1) !== 429; i++) answers.push((await guess(i)).status);
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.slice(0, -1)).toEqual(Array(answers.length - 1).fill(401));
    expect(answers.at(-1)).toBe(429);
  });
});
