import { execFile } from 'node:child_process';
import { closeSync, copyFileSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../../scripts/build/paths.ts';
import { Household, waitFor } from './household.ts';
import { makeFolder } from './local-server.ts';
import { playerState, playsFor, showsItsTime } from './player.ts';
import { makeFilms, rewrap, shareFilms } from './time-coded-film.ts';
import { WatchedPlayer } from './watched-player.ts';

const AHEAD_S = 10;
const LENGTH_S = 240;
const run = promisify(execFile);

const folder = makeFolder();
let household: Household;
let player: WatchedPlayer;
/** Twins on cellar and cabin, another cut on the attic. */
let anchor: string;

beforeAll(async () => {
  const dir = join(folder.path, 'films');
  const starting = Household.start(folder.path);
  const films = makeFilms(dir, LENGTH_S);
  const otherCut = rewrap(films.direct, join(dir, 'Anchor (2021).mp4'));
  const cracked = crack(films.remux, join(dir, 'Cracked (2022).mkv'));
  household = await starting;
  await household.join('cellar', 'Home', shareFilms(join(folder.path, 'shared-1'), [films.remux, films.direct]));
  await household.join('cabin', 'Cabin', shareFilms(join(folder.path, 'shared-2'), [films.remux, films.direct]));
  await household.join('attic', 'Home', shareFilms(join(folder.path, 'shared-3'), [otherCut, cracked]));
  await household.allOnline();
  anchor = await household.item('Anchor', 3);
  player = await WatchedPlayer.open(household.url, AHEAD_S);
});

afterAll(async () => {
  await player?.[Symbol.asyncDispose]();
  await household?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** Runs in a page: notes where its first film begins, however late somebody asks for it. */
function noteFirstTime(): void {
  const note = (event: Event) => {
    const { currentTime } = event.target as HTMLVideoElement;
    if (currentTime > 1)
      Object.assign(window, { firstTime: (window as { firstTime?: number }).firstTime ?? currentTime });
  };
  document.addEventListener('timeupdate', note, { capture: true });
}

/** A film with nothing where its middle was, as a dying disk leaves it. */
function crack(film: string, path: string): string {
  copyFileSync(film, path);
  const { size } = statSync(path);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(Math.floor(size * 0.4)), 0, undefined, Math.floor(size * 0.45));
  closeSync(file);
  return path;
}

function session(itemId: string) {
  return waitFor('the session', 60_000, async () => {
    const mine = (await household.sessions()).filter((one) => one.itemId === itemId && one.state === 'playing');
    return mine[0] ?? null;
  });
}

async function copyOn(name: string): Promise<string> {
  const { copies } = await household.get<{ copies: { id: string; agent: { name: string } }[] }>(`/items/${anchor}`);
  const id = copies.find(({ agent }) => agent.name === name)?.id;
  if (!id) throw new Error(`no copy on ${name}: ${JSON.stringify(copies)}`);
  return id;
}

const agentLine = async (name: string) => (await household.agents()).find((agent) => agent.name === name);

describe('a film', () => {
  it('goes over to another machine before the one that is drained lets go of it', async () => {
    await player.page.goto(`${household.url}/play/${anchor}?at=20000&copy=${await copyOn('cellar')}`);
    await playsFor(player.page, 1);
    await player.filled();
    const before = await session(anchor);
    await player.mark();
    const cli = [join(PROJECT, 'agent', 'cli.ts'), 'drain', '--data', join(folder.path, before.agent)];
    const { stdout } = await run(process.execPath, cli, { timeout: 60_000 });
    expect(stdout).toContain('Drained');
    await waitFor('the drained machine', 60_000, async () => {
      const line = await agentLine(before.agent);
      return line?.draining && line.sessions === 0 ? true : null;
    });
    const { dry } = await player.goesOn(6, 2);
    expect(dry).toEqual([]);
    await showsItsTime(player.page);
    const after = await session(anchor);
    expect(after).toMatchObject({ id: before.id, moves: before.moves + 1 });
    expect(['cellar', 'cabin']).toContain(after.agent);
    expect(after.agent).not.toBe(before.agent);
    const { id } = (await agentLine(before.agent)) ?? {};
    await household.post(`/agents/${id}/drain`, { draining: false });
    await waitFor('viewers again', 60_000, async () => ((await agentLine(before.agent))?.draining ? null : true));
  });

  it('goes on with another copy at the same time when nobody has its bytes any more, and says so', async () => {
    const before = await session(anchor);
    await Promise.all(['cellar', 'cabin'].map((name) => household.machine(name).signal('SIGKILL')));
    const stoodAt = (await playerState(player.page)).currentTime;
    await player.page.waitForSelector('[data-testid="player-note"]', { timeout: 60_000 });
    expect(await player.page.textContent('[data-testid="player-note"]')).toContain('another copy, from attic');
    const { currentTime } = await playsFor(player.page, 3);
    expect(currentTime).toBeGreaterThan(stoodAt - 1);
    expect(currentTime).toBeLessThan(stoodAt + AHEAD_S + 15);
    await showsItsTime(player.page);
    expect(await session(anchor)).toMatchObject({ agent: 'attic', mode: 'direct' });
    expect((await session(anchor)).id).not.toBe(before.id);
  });

  it('waits for its only machine, says so, and goes on by itself when that is back', async () => {
    const before = await session(anchor);
    await household.machine('attic').signal('SIGKILL');
    // The browser holds the whole of so short a file in its buffer: what it does not have is asked for.
    await player.page.evaluate(() => {
      const video = document.querySelector('video');
      if (video) video.currentTime = 200;
    });
    await player.page.waitForSelector('text=goes on by itself when it is back', { timeout: 60_000 });
    household.machine('attic').power();
    const { currentTime } = await playsFor(player.page, 3);
    expect(currentTime).toBeGreaterThan(199);
    await showsItsTime(player.page);
    expect((await session(anchor)).id).toBe(before.id);
  });

  it('that is broken in the middle is named, with its machine, and moves nowhere', async () => {
    const cracked = await household.item('Cracked', 1);
    await player.page.goto(`${household.url}/play/${cracked}?at=150000`);
    const alert = await player.page.waitForSelector('[role="alert"]', { timeout: 90_000 });
    const words = await alert.textContent();
    expect(words).toContain('attic');
    expect(words).toContain('The file');
  });

  it('moves to another device of the same person at the same second, and ends where it was', async () => {
    for (const name of ['cellar', 'cabin']) household.machine(name).power();
    await household.allOnline();
    const beacon = await household.item('Beacon', 2);
    await player.play(household.url, beacon, 100);
    await using tablet = await WatchedPlayer.open(household.url, AHEAD_S);
    await tablet.page.goto(household.url);
    const offer = tablet.page.locator('[data-testid="continue-here-go"]');
    await offer.waitFor({ timeout: 60_000 });
    expect(await offer.textContent()).toMatch(/from.*1:[0-5]\d/);
    const there = (await playerState(player.page)).currentTime;
    await tablet.page.evaluate(noteFirstTime);
    await offer.click();
    const noted = await tablet.page.waitForFunction(() => (window as { firstTime?: number }).firstTime);
    const here = Number(await noted.jsonValue());
    const stopped = (await playerState(player.page)).currentTime;
    await playsFor(tablet.page, 2);
    expect(here).toBeGreaterThan(there - 2);
    // What passed while the new device began is on both clocks.
    expect(here).toBeLessThan(Math.max(stopped, there) + 5);
    await player.page.waitForSelector('text=This goes on elsewhere', { timeout: 60_000 });
    expect((await household.sessions()).filter(({ itemId }) => itemId === beacon)).toHaveLength(1);
  });
});
