import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cable, layCable } from './cable.ts';
import { Household, waitFor } from './household.ts';
import { makeFolder } from './local-server.ts';
import { playsFor, showsItsTime } from './player.ts';
import { makeFilms, shareFilms } from './time-coded-film.ts';
import { WatchedPlayer } from './watched-player.ts';

const folder = makeFolder();
let household: Household;
let player: WatchedPlayer;
/** Between the viewer and the machine's own port. */
let cable: Cable;
const segments: string[] = [];

beforeAll(async () => {
  const starting = Household.start(folder.path);
  const films = makeFilms(join(folder.path, 'films'), 180);
  household = await starting;
  const port = await freePort();
  cable = await layCable(`http://127.0.0.1:${port}`);
  const flags = ['--direct-port', String(port), '--direct-listen', '127.0.0.1', '--direct-address', cable.origin];
  const shared = shareFilms(join(folder.path, 'shared'), [films.remux, films.direct]);
  await household.join('cellar', 'Home', shared, flags);
  await household.allOnline();
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

/** Seconds of the film that are there ahead of what is shown; infinite where all that is left has come. */
function ahead(): Promise<number> {
  return player.page.evaluate(() => {
    const video = document.querySelector('video');
    if (!video) return 0;
    const { buffered, currentTime, duration } = video;
    const ends = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)] as const);
    const end = ends.find(([from, to]) => from <= currentTime && to >= currentTime)?.[1] ?? currentTime;
    return end > duration - 1 ? Number.POSITIVE_INFINITY : end - currentTime;
  });
}

const source = () => player.page.evaluate(() => document.querySelector('video')?.currentSrc ?? '');

function seek(to: number): Promise<void> {
  return player.page.evaluate((seconds) => {
    const video = document.querySelector('video');
    if (video) video.currentTime = seconds;
  }, to);
}

it('a film comes straight from its machine, by the server while that is not reached, and straight again', async () => {
  const itemId = await household.item('Anchor', 1);
  await player.play(household.url, itemId);
  await arrive(cable.origin, 4);
  // On a busy machine the first ones may not have waited for it; from here on all come by this way.
  const { relayed } = await counted();
  segments.length = 0;
  await arrive(cable.origin, 3);
  expect(new Set(segments)).toEqual(new Set([cable.origin]));
  // Posters and the like; any segment of the picture has a megabyte.
  expect((await counted()).relayed - relayed).toBeLessThan(200_000);
  await waitFor('the machine’s word', 30_000, async () => ((await counted()).direct > 0 ? true : null));
  expect((await household.sessions())[0]).toMatchObject({ agent: 'cellar', direct: { address: cable.origin } });

  // However slow a machine makes segments: from here on its film has a minute in hand, and more of it to come.
  await player.page.evaluate(() => document.querySelector('video')?.pause());
  await waitFor('a minute ahead', 120_000, async () => ((await ahead()) >= 60 ? true : null));
  await player.page.evaluate(() => document.querySelector('video')?.play());
  await cable.close();
  await arrive(household.url, 2);
  expect(await ahead()).toBeGreaterThan(10);
  await cable.open();
  await arrive(cable.origin, 2);
  expect(await ahead()).toBeGreaterThan(10);
  await showsItsTime(player.page);
  expect((await household.sessions())[0]?.moves).toBe(0);
});

it('a file as it is comes straight from its machine too, by the server when that is gone, and straight again', async () => {
  segments.length = 0;
  const itemId = await household.item('Beacon', 1);
  await waitFor('a machine that proves itself in time', 60_000, async () => {
    await player.play(household.url, itemId);
    return (await source()).startsWith(cable.origin) ? true : null;
  });
  await cable.close();
  await seek(150);
  await waitFor('the server’s way', 60_000, async () => ((await source()).startsWith(household.url) ? true : null));
  await playsFor(player.page, 2);
  await showsItsTime(player.page);

  await cable.open();
  // Beyond what is buffered each time; the machine is looked for again a few seconds later.
  let at = 20;
  await waitFor('its own way again', 60_000, async () => {
    at = (at + 70) % 170;
    await seek(at);
    await playsFor(player.page, 0.5);
    return (await source()).startsWith(cable.origin) ? true : null;
  });
  const { currentTime } = await playsFor(player.page, 1);
  expect(currentTime).toBeGreaterThan(at);
  expect(currentTime).toBeLessThan(at + 15);
});
