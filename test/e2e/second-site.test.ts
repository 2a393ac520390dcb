import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser, shoot } from './browser.ts';
import { Household, OWNER, waitFor } from './household.ts';
import { InstalledAgent } from './installed-agent.ts';
import { makeFolder } from './local-server.ts';

const folder = makeFolder();
const media = join(folder.path, 'media');
const cabin = new InstalledAgent(join(folder.path, 'cabin'));
const id = (name: string) => `[data-testid="${name}"]`;

let home: Household;
let owner: Browser;

beforeAll(async () => {
  const films = join(media, 'Cabin films');
  mkdirSync(films, { recursive: true });
  mkdirSync(join(media, 'Papers'));
  mkdirSync(join(folder.path, 'private'));
  symlinkSync(join(folder.path, 'private'), join(media, 'a way out'));
  const film = join(films, 'Aurora (2019).mp4');
  const args = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc=size=320x180:rate=25',
    '-t',
    '5',
    '-pix_fmt',
    'yuv420p',
    film,
  ];
  expect(spawnSync('ffmpeg', args).status).toBe(0);
  // A file that has just been written is left until it has been still.
  utimesSync(film, new Date(2020, 1, 1), new Date(2020, 1, 1));
  [home, owner] = await Promise.all([
    Household.start(join(folder.path, 'home')),
    openBrowser({ width: 1440, height: 900 }),
  ]);
  await home.post('/sites', { name: 'Home' });
});
afterAll(async () => {
  await owner?.[Symbol.asyncDispose]();
  await cabin[Symbol.asyncDispose]();
  await home?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('a second site', () => {
  it('begins with one line that the web app shows', async () => {
    const { page } = owner;
    await page.goto(`${home.url}/sign-in?next=/admin/machines`);
    await page.fill(id('login-username'), OWNER.username);
    await page.fill(id('login-password'), OWNER.password);
    await page.click(id('login-submit'));
    await page.click('text=Add site');
    await page.fill('[role=dialog] input, dialog input', 'Cabin in the woods');
    await page.click('button[type=submit]');
    await page.waitForSelector('h2:has-text("Cabin in the woods")');
    await page.click(id('add-machine'));
    const atHome = await page.textContent(id('install-line'));
    await page.selectOption('label:has-text("Where does it stand?") select', { label: 'Cabin in the woods' });
    const line = await waitFor('a code for that site', 60_000, async () => {
      const shown = await page.textContent(id('install-line'));
      return shown === atHome ? null : shown;
    });
    await shoot(owner, 'add-machine');
    expect(line).toMatch(new RegExp(`^curl -fsSL ${home.url}/install\\.sh \\| sh -s -- [A-Z0-9-]{9}$`));
    const shell = `${line} --prefix '${cabin.site}' --name Cabin --allow '${media}'`;
    expect(spawnSync('sh', ['-c', shell], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('is seen to come alive, and leads on to its folders', async () => {
    const { page } = owner;
    cabin.serve();
    // It looks at its encoders first, which takes a busy machine half a minute.
    await page.waitForSelector('text=The machine is here', { timeout: 90_000 });
    expect((await home.agents()).map(({ name, site }) => [name, site.name])).toEqual([['Cabin', 'Cabin in the woods']]);
    await shoot(owner, 'arrived');
    await page.click(id('choose-folders'));
    await page.waitForSelector(id('folder'), { timeout: 60_000 });
    await shoot(owner, 'allowed');
  });

  it('shows what its owner allowed there, and no way out of it', async () => {
    const { page } = owner;
    await page.click(`${id('folder')}:has-text("media")`);
    await page.waitForSelector(`${id('folder')}:has-text("Cabin films")`);
    expect(await page.locator(id('folder')).allTextContents()).toEqual(['Cabin films', 'Papers']);
    await shoot(owner, 'media');
  });

  it('shares a folder, and its titles come', async () => {
    const { page } = owner;
    await page.click(`${id('folder')}:has-text("Cabin films")`);
    await page.waitForSelector('text=1 video file directly in here');
    await page.click(id('share-folder'));
    expect(await page.inputValue(id('library-name'))).toBe('Cabin films');
    await shoot(owner, 'share');
    await page.click(id('share-confirm'));
    await page.waitForSelector(`${id('shared-folder')}[data-name="Cabin films"]`);
    await home.item('Aurora', 1);
    await shoot(owner, 'shared');
    const again = await cabin.say('roots', 'list', '--json');
    expect(JSON.parse(again.text)).toMatchObject({
      roots: [{ library: 'Cabin films', source: 'chosen', state: 'ok' }],
    });
  });

  it('shares it no more by one click, and its titles go', async () => {
    const { page } = owner;
    await page.click('[aria-label="Stop sharing Cabin films"]');
    await page.waitForSelector(id('shared-folder'), { state: 'detached' });
    await waitFor('Aurora to be gone', 30_000, async () => {
      const { items } = await home.get<{ items: unknown[] }>('/search?q=Aurora');
      return items.length === 0 ? true : null;
    });
    expect(owner.errors).toEqual([]);
  });
});
