import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { ItemPage } from '../../shared/api/items.ts';
import type { Libraries } from '../../shared/api/libraries.ts';
import { CHROMIUM } from '../bench/device.ts';
import { type Browser, openBrowser } from './browser.ts';
import { type LocalServer, makeFolder, startServer } from './local-server.ts';

const PASSWORD = 'correct horse battery';
const folder = makeFolder();
let server: LocalServer;
let owner: Browser;
let child: Browser;
let invitation = '';

beforeAll(async () => {
  const env = { HEARTHCAST_OWNER: 'Ada', HEARTHCAST_PASSWORD: PASSWORD };
  server = await startServer(['--data', folder.path, '--port', '0'], { env });
  owner = await openBrowser({ width: 1440, height: 900 });
  child = await openBrowser({ width: 390, height: 844 });
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

  it('reaches what is hidden by no route, search, picture or stream', async () => {
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
