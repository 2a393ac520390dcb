import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from './browser.ts';
import { isAlive, type LocalServer, makeFolder, startServer } from './local-server.ts';
import { playsFor, seekTo, showsItsTime } from './player.ts';

const folder = makeFolder();
let server: LocalServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer(['--data', folder.path, '--port', '0']);
  browser = await openBrowser({ width: 1440, height: 900 });
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const card = (title: string) => `[data-testid="card"][data-title="${title}"]`;
const id = (name: string) => `[data-testid="${name}"]`;

/** From the home page to the playing film, by the link of its card and its play button. */
async function play(title: string): Promise<void> {
  const { page } = browser;
  await page.goto(`${server.url}/`);
  await page.locator(card(title)).locator('xpath=descendant-or-self::a[starts-with(@href, "/item/")]').first().click();
  await page.locator(id('play')).first().click();
}

describe('the main job', () => {
  it('makes the owner with the set-up code and shows the demo library filling', async () => {
    const { page } = browser;
    await page.goto(`${server.url}/`);
    await page.fill(id('setup-code'), server.setupCode ?? '');
    await page.fill(id('setup-username'), 'Ada');
    await page.fill(id('setup-password'), 'correct horse battery');
    await page.fill(id('setup-confirmation'), 'correct horse battery');
    await page.click(id('setup-submit'));
    // What it asked before anybody had signed in was refused, and the browser says so.
    await page.waitForSelector(id('account-menu'));
    browser.errors.length = 0;
    for (const title of ['Lighthouse', 'Northern Meridian', 'Paper Lanterns', 'Salt and Cedar', 'Harbour Lane']) {
      await page.waitForSelector(card(title), { timeout: 280_000 });
    }
    const posters = await page.$$eval('img', (images) => images.filter((image) => image.naturalWidth > 0).length);
    expect(posters).toBeGreaterThan(0);
  });

  it.each([
    ['Lighthouse', 'direct', 60],
    ['Northern Meridian', 'transcode', 30],
    ['Paper Lanterns', 'transcode', 45],
    ['Salt and Cedar', 'remux', 50],
  ])('plays %s (%s) with its own picture and sound, and seeks in it', async (title, mode, duration) => {
    const { page } = browser;
    const answered = page.waitForResponse(
      (response) => response.url().endsWith('/play') && response.request().method() === 'POST',
    );
    await play(title);
    expect(((await (await answered).json()) as { plan: { mode: string } }).plan.mode).toBe(mode);
    const state = await playsFor(page, 5);
    expect(state.error).toBeNull();
    expect(state.duration).toBeCloseTo(duration, 0);
    expect(state.audioBytes).toBeGreaterThan(10_000);
    await showsItsTime(page);

    for (const second of [duration - 15, 8]) {
      await seekTo(page, second);
      await showsItsTime(page);
      const moved = await playsFor(page, 2);
      expect(moved.currentTime).toBeGreaterThan(second);
      expect(moved.audioBytes).toBeGreaterThan(state.audioBytes);
    }
  });

  it('resumes where one stopped after a reload', async () => {
    const { page } = browser;
    await play('Lighthouse');
    await playsFor(page, 1);
    await seekTo(page, 42);
    await playsFor(page, 2);
    await page.goto(`${server.url}/`);
    await play('Lighthouse');
    const state = await playsFor(page, 1);
    expect(state.currentTime).toBeGreaterThan(38);
    await showsItsTime(page);
  });

  it('plays an episode from its series and season', async () => {
    const { page } = browser;
    await page.goto(`${server.url}/`);
    await page.locator(card('Harbour Lane')).first().click();
    await page.getByText('Winter Moorings').or(page.getByText('The Ferry')).first().waitFor();
    await page.locator(id('play')).first().click();
    expect((await playsFor(page, 3)).error).toBeNull();
  });

  it('logs no error in the browser on the way', () => {
    expect(browser.errors).toEqual([]);
  });

  it('stops on Ctrl-C and leaves no process', async () => {
    const { pid, agentPid } = server;
    expect(await server.stop('SIGINT')).toBe(0);
    expect([pid, agentPid].filter(isAlive)).toEqual([]);
  });
});
