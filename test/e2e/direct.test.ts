import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cable, layCable } from './cable.ts';
import { Household, waitFor } from './household.ts';
import { makeFolder } from './local-server.ts';
import { playsFor, readTimeCode } from './player.ts';
import { makeFilms, shareFilms } from './time-coded-film.ts';
import { WatchedPlayer } from './watched-player.ts';

const folder = makeFolder();
let household: Household;
let player: WatchedPlayer;
/** Between the viewer and the machine's own port. */
let cable: Cable;
const segments: string[] = [];

beforeAll(async () => {
  const films = makeFilms(join(folder.path, 'films'), 180);
  household = await Household.start(folder.path);
  const port = await freePort();
  cable = await layCable(`http://127.0.0.1:${port}`);
  const flags = ['--direct-port', String(port), '--direct-listen', '127.0.0.1', '--direct-address', cable.origin];
  const shared = shareFilms(join(folder.path, 'shared'), [films.remux, films.direct]);
  await household.join('cellar', 'Home', shared, flags);
  await household.allOnline();
  // Nothing is held back: a film that runs faster asks sooner.
  player = await WatchedPlayer.open(household.url, 1_000);
  player.page.on('requestfinished', (request) => {
    if (/\.m4s$|\/file$/.test(request.url())) segments.push(new URL(request.url()).origin);
  });
});

afterAll(async () => {
  await player?.[Symbol.asyncDispose]();
  await household?.[Symbol.asyncDispose]();
  await cable?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What the edge has relayed of the machine, and what the machine says that it sent itself. */
async function counted(): Promise<{ relayed: number; direct: number }> {
  const text = await household.metrics();
  const of = (name: string) => Number(new RegExp(`^${name}\\{agent="cellar"[^}]*\\} (\\d+)`, 'm').exec(text)?.[1]);
  return { relayed: of('hearthcast_link_bytes_total'), direct: of('hearthcast_link_direct_bytes_total') };
}

/** Resolves once so many more segments have come from an origin. */
function arrive(origin: string, count: number): Promise<true> {
  const from = segments.length;
  return waitFor(`${count} segments from ${origin}`, 60_000, async () =>
    segments.slice(from).filter((one) => one === origin).length >= count ? true : null,
  );
}

function runAt(rate: number): Promise<void> {
  return player.page.evaluate((wanted) => {
    const video = document.querySelector('video');
    if (video) video.playbackRate = wanted;
  }, rate);
}

async function expectItsPicture(): Promise<void> {
  const { shown, currentTime } = await readTimeCode(player.page);
  expect(Math.abs(Math.floor(currentTime) - shown)).toBeLessThanOrEqual(1);
}

it('a film comes straight from its machine, by the server while that is not reached, and straight again', async () => {
  const itemId = await household.item('Anchor', 1);
  await player.play(household.url, itemId);
  await arrive(cable.origin, 4);
  expect(new Set(segments)).toEqual(new Set([cable.origin]));
  // Posters and the like; any segment has a megabyte.
  expect((await counted()).relayed).toBeLessThan(200_000);
  await waitFor('the machine’s word', 30_000, async () => ((await counted()).direct > 0 ? true : null));
  expect((await household.sessions())[0]).toMatchObject({ agent: 'cellar', direct: { address: cable.origin } });

  await player.mark();
  await cable.close();
  await runAt(4);
  await arrive(household.url, 2);
  await cable.open();
  await arrive(cable.origin, 2);
  await runAt(1);
  expect((await player.stretch()).stalls).toEqual([]);
  await expectItsPicture();
  expect((await household.sessions())[0]?.moves).toBe(0);
});

it('a file as it is comes straight from its machine too, and by the server when that is gone', async () => {
  segments.length = 0;
  const itemId = await household.item('Beacon', 1);
  await waitFor('a machine that proves itself in time', 60_000, async () => {
    await player.play(household.url, itemId);
    const address = await player.page.evaluate(() => document.querySelector('video')?.currentSrc);
    return address?.startsWith(cable.origin) ? true : null;
  });
  await cable.close();
  await player.page.evaluate(() => {
    const video = document.querySelector('video');
    if (video) video.currentTime = 150;
  });
  await player.page.waitForFunction(
    (origin) => document.querySelector('video')?.currentSrc.startsWith(origin),
    household.url,
    { timeout: 60_000 },
  );
  await playsFor(player.page, 2);
  await expectItsPicture();
  await cable.open();
});
