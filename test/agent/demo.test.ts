import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDemoLibrary } from '../../scripts/demo/make-demo-library.ts';
import { FILMS } from '../../scripts/demo/titles.ts';
import { binaries } from './media-tree.ts';
import { TestRoot } from './scanning.ts';

const LONG_AGO = new Date('2024-05-01T12:00:00Z');

/** Of films that nobody watches here the first seconds do. */
const PART = 0.1;

/** On a busy machine of two cores. */
const MAKING_MS = 240_000;

let dir: string;
let ffmpeg: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hearthcast-demo-test-'));
  ({ ffmpeg } = await binaries());
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test(
  'a stopped demo leaves no half files, and the next call makes only what is missing',
  async () => {
    const stop = new AbortController();
    const onProgress = (done: number) => done === 4 && stop.abort();
    await expect(makeDemoLibrary({ dir, ffmpeg, part: PART, signal: stop.signal, onProgress })).rejects.toThrow(
      /abort/i,
    );
    const before = await times();
    expect(before.size).toBeGreaterThan(0);
    expect([...before.keys()].filter((name) => name.endsWith('.part'))).toEqual([]);

    const steps: string[] = [];
    const made = await makeDemoLibrary({
      dir,
      ffmpeg,
      part: PART,
      onProgress: (done, total, name) => steps.push(`${done}/${total} ${name}`),
    });
    expect(made.notices).toEqual([]);
    expect(steps.at(-1)).toMatch(/^(\d+)\/\1 /);
    const after = await times();
    for (const [name, time] of before) expect(after.get(name)).toBe(time);

    const again: unknown[] = [];
    await makeDemoLibrary({ dir, ffmpeg, part: PART, onProgress: (...step) => again.push(step) });
    expect(again).toEqual([]);
  },
  MAKING_MS,
);

test('every film of the demo is an item with pictures, and none is a problem', async () => {
  // A scan leaves files alone that were written in the last seconds.
  for (const name of (await times()).keys()) await utimes(join(dir, name), LONG_AGO, LONG_AGO);
  const movies = new TestRoot(join(dir, 'Movies'), join(dir, 'movies.sqlite'));
  const shows = new TestRoot(join(dir, 'Shows'), join(dir, 'shows.sqlite'));
  await Promise.all([movies.scan(), shows.scan()]);
  const films = movies.claims().flatMap((claim) => (claim.state === 'present' ? [claim] : []));
  const episodes = shows.claims().flatMap((claim) => (claim.state === 'present' ? [claim] : []));
  expect(movies.claims()).toHaveLength(films.length);
  expect(shows.claims()).toHaveLength(episodes.length);

  const facts = films.map(({ work, media: { container, video, audio, subtitles } }) => {
    const tracks = [video[0]?.codec, `${video[0]?.bitDepth} bits`, ...audio.map((a) => `${a.codec} ${a.language}`)];
    return [work.kind === 'movie' && `${work.title} (${work.year})`, container, ...tracks, subtitles.length].join(', ');
  });
  expect(facts.sort()).toEqual([
    'Lighthouse (2021), mp4, h264, 8 bits, aac null, 0',
    'Northern Meridian (2019), mkv, hevc, 10 bits, aac null, 0',
    'Paper Lanterns (1998), ts, mpeg2video, 8 bits, ac3 null, 0',
    'Salt and Cedar (2023), mkv, h264, 8 bits, ac3 eng, ac3 ger, 2',
  ]);
  for (const { artwork, media, work } of films) {
    expect(Object.keys(artwork).sort()).toEqual(['backdrop', 'poster', 'thumb']);
    const seconds = FILMS.find(({ title }) => work.kind === 'movie' && title === work.title)?.seconds;
    expect(media.durationMs).toBeGreaterThanOrEqual((seconds ?? Number.POSITIVE_INFINITY) * 1000 * PART);
  }
  expect(new Set(films.map(({ artwork }) => artwork.poster)).size).toBe(films.length);
  expect(episodes.map(({ work }) => work.kind === 'episode' && `${work.season}x${work.episode}`).sort()).toEqual([
    ...['1x1', '1x2', '1x3', '2x1', '2x2', '2x3'],
  ]);
  for (const { artwork, work } of episodes) {
    expect(work).toMatchObject({ series: 'Harbour Lane', year: 2020 });
    expect(Object.keys(artwork).sort()).toEqual(['seasonPoster', 'seriesBackdrop', 'seriesPoster', 'thumb']);
  }
  movies[Symbol.dispose]();
  shows[Symbol.dispose]();
});

test('a film that this ffmpeg cannot make is left out with a notice, and the rest is made', async () => {
  const other = join(dir, 'without-x265');
  const script = join(dir, 'ffmpeg-without-x265');
  await writeFile(
    script,
    `#!/bin/sh\ncase "$*" in *libx265*) echo "Unknown encoder 'libx265'" >&2; exit 1;; esac\nfor last; do :; done\n[ "$last" = - ] || echo made > "$last"\n`,
    { mode: 0o755 },
  );
  const made = await makeDemoLibrary({ dir: other, ffmpeg: script, part: PART });
  expect(made.notices).toHaveLength(1);
  expect(made.notices[0]).toContain('Northern Meridian');
  expect(await readdir(join(other, 'Movies'))).toHaveLength(4);
});

/** Times of all files below the demo, by path. */
async function times(): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const name of await readdir(dir, { recursive: true })) {
    const entry = await stat(join(dir, name));
    if (entry.isFile()) found.set(name, entry.mtimeMs);
  }
  return found;
}
