import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import type { PlaybackOptions } from '../../agent/playback/playback.ts';
import { DIRECT, execute, indexed, type Stage, stage, wholeOf } from './playback-stage.ts';
import { sample } from './samples.ts';
import { wrappedFfmpeg } from './wrapped-ffmpeg.ts';

const dir = await mkdtemp(join(tmpdir(), 'hearthcast-background-'));
afterAll(() => rm(dir, { recursive: true }));

const PATIENCE = { timeout: 30_000 };
const LOOK_MS = 20;

/** An edge that gives leave for everything, and what it was asked and told. */
function generousEdge() {
  const asked: string[] = [];
  const returned: string[] = [];
  const leaveGiver: PlaybackOptions['leaveGiver'] = {
    async ask({ kind }) {
      asked.push(kind);
      return { may: true, forMs: 60_000 };
    },
    giveBack: ({ kind }) => void returned.push(kind),
  };
  return { asked, returned, leaveGiver };
}

/** A film with the same words twice, as SRT and as ASS. */
async function withTwoTracks(): Promise<IndexedCopy> {
  const path = join(dir, 'two.mkv');
  const maps = ['0:v', '0:a:0', '0:s', '0:s'].flatMap((one) => ['-map', one]);
  const film = await sample('film.mkv');
  await execute('ffmpeg', ['-v', 'error', '-y', '-i', film, ...maps, '-c', 'copy', '-c:s:1', 'ass', path]);
  return indexed(path);
}

const calls = async (ffmpeg: { calls(): Promise<string[][]> }, option: string) =>
  (await ffmpeg.calls()).filter((call) => call.includes(option));

it('what viewers may want of a film is made at night, by leave: its tracks whole, in one pass', async () => {
  const copy = await withTwoTracks();
  await using ffmpeg = await wrappedFfmpeg();
  const { asked, returned, leaveGiver } = generousEdge();
  const background = { hour: () => 3, lookMs: LOOK_MS };
  await using house = await stage({ binaries: ffmpeg.binaries, newest: () => [copy], leaveGiver, background });
  await vi.waitFor(() => expect(returned).toEqual(['previews', 'subtitles']), PATIENCE);
  expect(asked).toEqual(['previews', 'subtitles']);
  expect(await calls(ffmpeg, '-readrate')).toHaveLength(1);
  const before = (await ffmpeg.calls()).length;

  const { bytes } = await house.open(copy, DIRECT);
  const [plain = -1, styled = -1] = copy.media.subtitles.map(({ index }) => index);
  const text = async (more: { stream: number; form?: 'ass'; window?: number }) =>
    (await wholeOf(await bytes({ kind: 'subtitle', ...more }))).toString('utf8');
  expect(await text({ stream: plain })).toContain('Grüße');
  expect(await text({ stream: plain, window: 0 })).toContain('Grüße');
  expect(await text({ stream: styled })).toContain('second line');
  expect(await text({ stream: styled, form: 'ass' })).toContain('Dialogue:');
  expect((await ffmpeg.calls()).length).toBe(before);
});

describe('a track that was begun for a viewer', () => {
  const BY_DAY = { hour: () => 12, lookMs: LOOK_MS };
  /** The whole track waits for a gate of the test's; its viewer asks for the first minute and goes. */
  async function begun(house: Stage, copy: IndexedCopy) {
    const stream = copy.media.subtitles[0]?.index ?? -1;
    const { id, bytes } = await house.open(copy, DIRECT);
    await bytes({ kind: 'subtitle', stream, window: 0 });
    return { leave: () => house.playback.close({ session: id, generation: 1 }), stream };
  }
  const gated = (gate: string) =>
    wrappedFfmpeg(`case "$*" in *-readrate*) while [ ! -e '${gate}' ]; do sleep 0.05; done ;; esac`);

  it('[BG6] goes on by leave of its own when they have left, and is kept', async () => {
    const gate = join(dir, 'gate-kept');
    await using ffmpeg = await gated(gate);
    const { asked, returned, leaveGiver } = generousEdge();
    await using house = await stage({ binaries: ffmpeg.binaries, leaveGiver, background: BY_DAY });
    const copy = await indexed(await sample('long.mkv'));
    const { leave, stream } = await begun(house, copy);
    await vi.waitFor(async () => expect(await calls(ffmpeg, '-readrate')).toHaveLength(1), PATIENCE);
    expect(asked).toEqual([]);
    leave();
    await vi.waitFor(() => expect(asked).toEqual(['subtitles']), PATIENCE);
    await writeFile(gate, '');
    await vi.waitFor(() => expect(returned).toEqual(['subtitles']), PATIENCE);

    const before = (await ffmpeg.calls()).length;
    const { bytes } = await house.open(copy, DIRECT);
    expect((await wholeOf(await bytes({ kind: 'subtitle', stream }))).toString('utf8')).toContain('over the edge');
    expect((await ffmpeg.calls()).length).toBe(before);
  });

  it('[BG4] [BG6] is given up when that is taken back', async () => {
    const gate = join(dir, 'gate-never');
    await using ffmpeg = await gated(gate);
    const { asked, returned, leaveGiver } = generousEdge();
    await using house = await stage({ binaries: ffmpeg.binaries, leaveGiver, background: BY_DAY });
    const copy = await indexed(await sample('long.mkv'));
    const { leave } = await begun(house, copy);
    leave();
    await vi.waitFor(() => expect(asked).toEqual(['subtitles']), PATIENCE);
    house.playback.leaves.stop({ kind: 'subtitles', fingerprint: copy.fingerprint });
    await vi.waitFor(() => expect(returned).toEqual(['subtitles']), PATIENCE);
  });
});
