import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audio, indexed, planOf, stage, videoTranscode } from './playback-stage.ts';
import { sample } from './samples.ts';
import { wrappedFfmpeg } from './wrapped-ffmpeg.ts';

async function film() {
  const copy = await indexed(await sample('film.mp4'));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  return { copy, picture, sound, plan: planOf([videoTranscode(picture)], [audio(sound, 'transcode')]) };
}

describe('a viewer who resumes in the middle', () => {
  it('gets the init segment and the pictures from one process, which begins there', async () => {
    const { copy, plan } = await film();
    await using ffmpeg = await wrappedFfmpeg();
    await using theatre = await stage({ binaries: ffmpeg.binaries });
    const { init, segment } = await theatre.open(copy, plan, { startMs: 13_000 });
    // Segments begin at 0, 1, 2, 4, 8, 12 seconds.
    for (const rendition of ['v180', 'a1']) {
      await init(rendition);
      await segment(rendition, 5);
    }
    const begun = (await ffmpeg.calls()).map((argv) => Number(argv[argv.indexOf('-ss') + 1]));
    expect(begun).toHaveLength(2);
    for (const seconds of begun) expect(seconds).toBeGreaterThan(11);
  });

  it('changes the rendition where the film is, and not at its start', async () => {
    const { copy, picture } = await film();
    await using ffmpeg = await wrappedFfmpeg();
    await using theatre = await stage({ binaries: ffmpeg.binaries });
    const plan = planOf([videoTranscode(picture), videoTranscode(picture, 90)], []);
    const { init, segment } = await theatre.open(copy, plan);
    await segment('v180', 4);
    await init('v90');
    await segment('v90', 5);
    const begun = (await ffmpeg.calls()).map((argv) => Number(argv[argv.indexOf('-ss') + 1]));
    expect(begun).toHaveLength(2);
    for (const seconds of begun) expect(seconds).toBeGreaterThan(7);
  });
});

describe('the cache of segments', () => {
  it('stays over a restart: the same viewer goes on without ffmpeg', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'hearthcast-restart-'));
    try {
      const { copy, plan } = await film();
      const first = await stage({ cacheDir: dir });
      const made = await (await first.open(copy, plan)).segment('v180', 2);
      await first[Symbol.asyncDispose]();
      await using ffmpeg = await wrappedFfmpeg();
      await using second = await stage({ cacheDir: dir, binaries: ffmpeg.binaries });
      const { init, segment } = await second.open(copy, plan);
      expect((await segment('v180', 2)).equals(made)).toBe(true);
      expect((await init('v180')).length).toBeGreaterThan(0);
      expect(await ffmpeg.calls()).toEqual([]);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
