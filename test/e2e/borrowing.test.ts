import { spawnSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { CHROMIUM } from '../fakes/media-samples.ts';
import { Household, waitFor } from './household.ts';
import { isAlive, makeFolder } from './local-server.ts';
import { WatchedPlayer } from './watched-player.ts';

const SECONDS = 60;
/** What the player buffers: the rest of the film is asked for after its machine is gone. */
const AHEAD_S = 4;

const folder = makeFolder();
let home: Household;

beforeAll(async () => {
  const films = join(folder.path, 'films');
  const nothing = join(folder.path, 'nothing');
  for (const dir of [films, nothing]) mkdirSync(dir, { recursive: true });
  makeFilm(join(films, 'Cedar (2021).mkv'));
  home = await Household.start(folder.path);
  const port = await freePort();
  const door = ['--direct-port', String(port), '--direct-listen', '127.0.0.1'];
  const lends = [...door, '--direct-address', `http://127.0.0.1:${port}`, '--transcode-slots', '0'];
  await home.join('storage', 'Cabin', films, lends);
  // Not the site of the edge's own machine, which could encode it too.
  for (const name of ['desk', 'attic']) await home.join(name, 'Cabin', nothing, ['--transcode-slots', '2']);
  await home.allOnline();
});

afterAll(async () => {
  await home?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** Pictures that no browser shows as they are. */
function makeFilm(path: string): void {
  const args = ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=25:duration=${SECONDS}`];
  args.push('-f', 'lavfi', '-i', `sine=440:duration=${SECONDS}`, '-c:v', 'mpeg4', '-q:v', '4', '-c:a', 'aac', path);
  expect(spawnSync('ffmpeg', args).status).toBe(0);
  // A file that has just been written is left until it has been still.
  utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

describe('a film on a machine that encodes nothing', () => {
  it('is encoded by another machine of its site, and goes on when that one is killed', async () => {
    const itemId = await home.item('Cedar', 1);
    const play = PlayAnswer.parse(await home.post(`/items/${itemId}/play`, { profile: CHROMIUM }));
    expect(play.plan.mode).toBe('transcode');
    const [rendition] = play.plan.video;
    const at = (name: string) => `${home.url}${play.url.replace('master.m3u8', `${rendition?.id}/${name}`)}`;
    const bytes = async (name: string) => {
      const response = await fetch(at(name));
      expect(response.status).toBe(200);
      return Buffer.from(await response.arrayBuffer());
    };
    const film = [await bytes('init.mp4'), await bytes('0.m4s'), await bytes('1.m4s'), await bytes('2.m4s')];
    const session = () =>
      waitFor(
        'the session',
        60_000,
        async () => (await home.sessions()).find(({ id }) => id === play.sessionId) ?? null,
      );
    const before = await session();
    expect(before).toMatchObject({ readsFrom: 'storage', agent: expect.stringMatching(/^(desk|attic)$/) });

    const machine = home.machine(before.agent);
    const encoders = machine.ffmpegs();
    expect(encoders.length).toBeGreaterThan(0);
    await machine.signal('SIGKILL');
    for (const k of [3, 4, 5, 6]) film.push(await bytes(`${k}.m4s`));
    expect(await session()).toMatchObject({ readsFrom: 'storage', moves: 1 });
    expect((await session()).agent).not.toBe(before.agent);
    await waitFor('its encoders to be gone', 60_000, async () => (encoders.some(isAlive) ? null : true));

    // What two machines made of the third one's file is one film without a gap: 1 + 1 + 2 + 4 × 4 seconds.
    const path = join(folder.path, 'seen.mp4');
    writeFileSync(path, Buffer.concat(film));
    const probe = ['-v', 'error', '-count_frames', '-select_streams', 'v', '-show_entries', 'stream=nb_read_frames'];
    const { stdout, stderr } = spawnSync('ffprobe', [...probe, '-of', 'csv=p=0', path], { encoding: 'utf8' });
    expect({ frames: Number.parseInt(stdout, 10), stderr }).toEqual({ frames: 500, stderr: '' });
  });

  it('plays in a browser, also past the machine that encoded it first', async () => {
    const itemId = await home.item('Cedar', 1);
    await using player = await WatchedPlayer.open(home.url, AHEAD_S);
    await player.play(home.url, itemId);
    // The newest comes first.
    const session = () => waitFor('the session', 60_000, async () => (await home.sessions())[0] ?? null);
    const before = await session();
    expect(before).toMatchObject({ readsFrom: 'storage', mode: 'transcode', moves: 0 });
    for (const machine of home.machines) machine.power();
    await home.allOnline();
    await player.mark();
    await home.machine(before.agent).signal('SIGKILL');
    await player.goesOn(AHEAD_S + 2, 2);
    const after = await session();
    expect(after).toMatchObject({ id: before.id, readsFrom: 'storage', moves: 1 });
    expect(after.agent).not.toBe(before.agent);
  });
});
