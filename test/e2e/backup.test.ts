import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, openBrowser, shoot } from './browser.ts';
import { type LocalServer, makeFolder, startServer } from './local-server.ts';

const PASSWORD = 'correct horse battery';
/** As of a download that was cut off. */
const CUT_OFF = gzipSync('{"head":{"format":"hearthcast-backup"').subarray(0, 30);
const folder = makeFolder();
let browser: Browser;
let old: LocalServer;
let fresh: LocalServer;

beforeAll(async () => {
  const env = { HEARTHCAST_OWNER: 'Ada', HEARTHCAST_PASSWORD: PASSWORD };
  const start = (name: string, more: Record<string, string>) =>
    startServer(['--data', join(folder.path, name), '--port', '0', '--no-demo', '--no-agent'], { env: more });
  [old, fresh, browser] = await Promise.all([
    start('old', env),
    start('fresh', {}),
    openBrowser({ width: 1280, height: 900 }),
  ]);
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await old?.[Symbol.asyncDispose]();
  await fresh?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const id = (name: string) => `[data-testid="${name}"]`;

async function signIn(url: string): Promise<void> {
  const { page } = browser;
  await page.goto(`${url}/sign-in`);
  await page.fill(id('login-username'), 'Ada');
  await page.fill(id('login-password'), PASSWORD);
  await page.click(id('login-submit'));
  await page.waitForSelector(id('account-menu'));
}

it('moves a household to a new server: take the backup, bring it back, sign in as before', async () => {
  const { page } = browser;
  await signIn(old.url);
  await page.goto(`${old.url}/admin/settings`);
  await page.fill(id('server-name'), 'The Lovelaces');
  await page.click('text=Save');
  await page.waitForSelector('text=Saved.');
  await page.click(id('make-backup'));
  await page.waitForSelector(id('backups'));
  const download = page.waitForEvent('download');
  await page.click(`${id('backups')} >> [download]`);
  const file = join(folder.path, (await download).suggestedFilename());
  copyFileSync(await (await download).path(), file);
  expect(file).toMatch(/hearthcast-\d{4}-\d\d-\d\d\.ndjson\.gz$/);

  await shoot(browser, 'settings');
  await page.goto(`${fresh.url}/setup#code=${fresh.setupCode}`);
  await page.waitForSelector('text=Bring back a backup');
  await shoot(browser, 'setup');
  await page.click('text=Bring back a backup');
  expect(await page.inputValue(id('restore-code'))).toBe(fresh.setupCode);
  await page.setInputFiles(id('restore-file'), { name: 'old.gz', mimeType: 'application/gzip', buffer: CUT_OFF });
  await page.click(id('restore-submit'));
  await page.waitForSelector('[role=alert]:has-text("backup")');
  // The browser says of itself that it was refused.
  browser.errors.length = 0;
  await shoot(browser, 'restore-refused');
  await page.setInputFiles(id('restore-file'), file);
  await shoot(browser, 'restore');
  await page.click(id('restore-submit'));
  await page.waitForURL('**/sign-in');
  await shoot(browser, 'restored');
  await signIn(fresh.url);
  await page.goto(`${fresh.url}/admin/settings`);
  expect(await page.inputValue(id('server-name'))).toBe('The Lovelaces');
  expect(browser.errors).toEqual([]);
});
