import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pgs } from '../agent/pgs.ts';
import { execute } from '../agent/playback-stage.ts';
import { type Browser, openBrowser } from './browser.ts';
import { OWNER, waitFor } from './household.ts';
import { type LocalServer, makeFolder, startServer } from './local-server.ts';
import { playsFor } from './player.ts';

const SRT = '1\n00:00:01,000 --> 00:00:50,000\nPlain words\n';
const ASS = [
  ...['[Script Info]', 'ScriptType: v4.00+', 'PlayResX: 640', 'PlayResY: 360', '', '[Events]'],
  'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
  'Dialogue: 0,0:00:01.00,0:00:50.00,Default,,0,0,0,,{\\pos(320,60)}A sign',
  '',
].join('\n');
const META = [0, 20, 40]
  .map((at, n) => `[CHAPTER]\nTIMEBASE=1/1\nSTART=${at}\nEND=${at + 20}\ntitle=Part ${n + 1}\n`)
  .join('');

const folder = makeFolder();
const id = (name: string) => `[data-testid="${name}"]`;
let server: LocalServer;
let browser: Browser;
let itemId = '';

beforeAll(async () => {
  const films = join(folder.path, 'films');
  mkdirSync(films);
  const files = { 'a.srt': SRT, 'a.ass': ASS, 'a.meta': `;FFMETADATA1\n${META}` };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
  const box = { from: 1, to: 50, x: 640, y: 880, width: 640, height: 120 };
  writeFileSync(join(folder.path, 'a.sup'), pgs({ width: 1920, height: 1080 }, [box]));
  const beside = (name: string) => ['-i', join(folder.path, name)];
  await execute('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'color=blue:s=640x360:r=10:d=60', '-f', 'lavfi', '-i', 'sine=d=60'],
    ...[...beside('a.srt'), ...beside('a.ass'), ...beside('a.meta'), '-itsoffset', '1', ...beside('a.sup')],
    ...['-map', '0', '-map', '1', '-map', '2', '-map', '3', '-map', '5', '-map_chapters', '4'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20', '-c:a', 'aac', '-c:s', 'copy'],
    ...['-metadata:s:s:0', 'language=eng', '-metadata:s:s:1', 'language=jpn', '-metadata:s:s:2', 'language=deu'],
    join(films, 'Signs (2021).mkv'),
  ]);
  const env = { HEARTHCAST_OWNER: OWNER.username, HEARTHCAST_PASSWORD: OWNER.password };
  const data = join(folder.path, 'data');
  server = await startServer(['--data', data, '--port', '0', '--no-demo', '--media', films], { env });
  browser = await openBrowser({ width: 1280, height: 720 });
  const { request } = browser.context;
  await request.post(`${server.url}/api/v1/auth/login`, { data: { ...OWNER, delivery: 'cookie' } });
  itemId = await waitFor('the film', 60_000, async () => {
    const found = await request.get(`${server.url}/api/v1/search?q=Signs`);
    const { items } = (await found.json()) as { items: { id: string }[] };
    return items[0]?.id ?? null;
  });
  await browser.page.goto(`${server.url}/play/${itemId}?at=5000`);
  await playsFor(browser.page, 0.5);
});

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** The preview follows the pointer a picture later. */
async function expectPreview(words: RegExp): Promise<void> {
  await expect.poll(() => browser.page.locator(id('seek-preview')).innerText(), { timeout: 30_000 }).toMatch(words);
}

async function choose(name: RegExp): Promise<void> {
  await browser.page.mouse.move(300, 300);
  await browser.page.click(id('subtitle-menu'));
  await browser.page.getByRole('menuitemradio', { name }).click();
}

it('a preview stands above the seek bar where the pointer is, with the chapter and the time', async () => {
  const { page } = browser;
  await page.mouse.move(300, 300);
  const bar = await page.locator(id('seek-bar')).boundingBox();
  if (!bar) throw new Error('no seek bar');
  await page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2);
  await page.waitForSelector(id('seek-picture'));
  await expectPreview(/^Part 2\s+0:30$/);
});

it('a finger that holds the seek bar of a phone sees the picture, and finds the bar there for as long as it takes', async () => {
  const { page, context } = browser;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.mouse.move(200, 400);
  const touch = await context.newCDPSession(page);
  await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 });
  const bar = await page.locator(id('seek-bar')).boundingBox();
  if (!bar) throw new Error('no seek bar');
  const finger = (type: 'touchStart' | 'touchMove' | 'touchEnd', part: number) =>
    touch.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: bar.x + bar.width * part, y: bar.y + bar.height / 2 }],
    });
  await finger('touchStart', 0.2);
  for (const part of [0.3, 0.7, 0.5, 0.05]) await finger('touchMove', part);
  await expectPreview(/^Part 1\s+0:03$/);
  await page.waitForSelector(id('seek-picture'));
  // The picture is another one with each sheet that comes: its frame stays.
  const box = await page.locator(id('seek-preview')).locator(':has(> [data-testid=seek-picture])').boundingBox();
  expect(box && [box.x >= 0, box.x + box.width <= 390, box.width > 100]).toEqual([true, true, true]);
  // Longer than the controls stay by themselves.
  await playsFor(page, 4);
  const shown = () =>
    page.locator(id('seek-bar')).evaluate((at) => getComputedStyle(at.parentElement as Element).opacity);
  expect(await shown()).toBe('1');
  await finger('touchEnd', 0.05);
  await page.waitForFunction(() => Math.abs((document.querySelector('video')?.currentTime ?? 0) - 3) < 3);
  await page.waitForSelector(id('seek-preview'), { state: 'detached' });
  await touch.send('Emulation.setTouchEmulationEnabled', { enabled: false });
  await touch.detach();
  await page.setViewportSize({ width: 1280, height: 720 });
});

it('words are shown at their time, and later by as much as one likes', async () => {
  const { page } = browser;
  await choose(/English/);
  await page.waitForFunction((at) => document.querySelector(at)?.textContent?.includes('Plain words'), id('subtitles'));
  await page.click(id('subtitle-menu'));
  await page.getByLabel('Subtitles later').click();
  expect(await page.locator(id('subtitle-offset')).innerText()).toBe('+0.5 s');
  await page.locator(id('subtitle-offset')).click();
  await page.keyboard.press('Escape');
});

it('ASS is drawn as its author set it, without a word in the browser’s own letters', async () => {
  const { page } = browser;
  await choose(/Japanese/);
  await page.waitForSelector('canvas.JASSUB', { state: 'attached' });
  await page.waitForFunction((at) => document.querySelector(at)?.textContent === '', id('subtitles'));
});

it('pictures are painted into the film at one press, and it says why', async () => {
  const { page } = browser;
  await choose(/German/);
  await page.waitForSelector('canvas.JASSUB', { state: 'detached' });
  await page.waitForFunction((at) => document.querySelector(at)?.textContent?.includes('Transcode'), id('why'));
  await playsFor(page, 0.5);
  const light = await page.evaluate(() => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const context = canvas.getContext('2d');
    context?.drawImage(video, 0, 0, 640, 360);
    return [313, 100].map((y) => context?.getImageData(320, y, 1, 1).data[0] ?? 0);
  });
  expect(light[0]).toBeGreaterThan(180);
  expect(light[1]).toBeLessThan(60);
  await page.mouse.move(300, 300);
  await page.click(id('why'));
  expect(await page.getByLabel('Transcode').innerText()).toContain('These subtitles are pictures');
  // What was under way for the session before this one may be refused, since that has ended.
  expect(browser.errors.filter((error) => !error.includes('410 (Gone)'))).toEqual([]);
});

it('a chapter’s picture and name lead to its place', async () => {
  const { page } = browser;
  await page.goto(`${server.url}/item/${itemId}`);
  const chapter = page.locator(`${id('chapters')} a`, { hasText: 'Part 3' });
  expect(await chapter.getAttribute('href')).toContain('at=40000');
  const picture = await browser.context.request.get(`${server.url}/api/v1/items/${itemId}/chapters/2?w=400`);
  expect([picture.status(), picture.headers()['content-type']]).toEqual([200, 'image/jpeg']);
});
