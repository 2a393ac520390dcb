import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/setup/system.mjs';

/** Nothing that calls home, and films may begin without a click. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

export interface Browser extends AsyncDisposable {
  context: BrowserContext;
  page: Page;
  /** What the console called an error, and exceptions nobody caught. */
  errors: string[];
}

/** For the eyes of whoever changes pages, on a telephone and on a desk: HEARTHCAST_SHOTS names the folder they go to. */
export async function shoot({ page }: Browser, name: string): Promise<void> {
  const shots = process.env.HEARTHCAST_SHOTS;
  if (!shots) return;
  for (const [width, height] of [
    [390, 844],
    [1440, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(shots, `${name}-${width}.png`) });
  }
}

export async function openBrowser(viewport: { width: number; height: number }): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'hearthcast-chromium-'));
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium on this machine');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: ARGS,
    headless: true,
    viewport,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  // A step that takes longer than this has gone wrong; films and scans say their own limits.
  page.setDefaultTimeout(60_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return {
    context,
    page,
    errors,
    async [Symbol.asyncDispose]() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
