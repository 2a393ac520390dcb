import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { embeddedMetadata } from '../../agent/library/probe/embedded-tags.ts';
import type { Head } from '../../agent/library/probe/head/head.ts';
import { readHead } from '../../agent/library/probe/head/read-head.ts';
import { probe } from '../../agent/library/probe/probe.ts';
import { readContent } from '../../agent/library/reader/content.ts';
import { HEAD_SAMPLES, makeHeadSamples } from './head-samples.ts';
import { binaries } from './media-tree.ts';
import { sample } from './samples.ts';

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'hearthcast-heads-'));
  makeHeadSamples(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function head(path: string): Head | null {
  const fd = openSync(path, 'r');
  try {
    return readHead(fd, statSync(path).size, extname(path).slice(1));
  } finally {
    closeSync(fd);
  }
}

async function ffprobed(path: string): Promise<Head> {
  const { size } = statSync(path);
  const file = { path, size, shape: readContent(path, size).shape };
  const probed = await probe((await binaries()).ffprobe, file, AbortSignal.timeout(30_000));
  if ('problem' in probed) throw new Error(probed.problem.detail);
  return probed;
}

/** Every field of the streams, and of the tags what a catalog can hold. */
async function expectSame(path: string): Promise<void> {
  const [read, probed] = [head(path), await ffprobed(path)];
  expect(read?.media).toEqual(probed.media);
  expect(embeddedMetadata(read?.tags ?? {})).toEqual(embeddedMetadata(probed.tags));
}

test.each(['tagged.mp4', 'tagged.mkv'])('the tags of %s are found', (name) => {
  expect(embeddedMetadata(head(join(dir, name))?.tags ?? {})).toEqual({
    ...{ overview: 'All of it.', genres: ['Drama', 'Comedy'], premieredAt: '2001-02-03' },
  });
});

test.each(HEAD_SAMPLES.filter(({ by }) => by === 'head'))(
  '$name is read without ffprobe, and every field is as ffprobe has it',
  async ({ name }) => {
    const path = join(dir, name);
    await expectSame(path);
  },
);

test.each(HEAD_SAMPLES.filter(({ by }) => by === 'ffprobe'))('$name is left to ffprobe', ({ name }) => {
  expect(head(join(dir, name))).toBeNull();
});

test.each(['film.mp4', 'hd.mp4', 'film.mkv', 'hevc.mkv', 'vfr.mkv', 'broadcast.ts', 'beeps.ts'] as const)(
  'whatever the library says of the sample %s itself is what ffprobe says',
  async (name) => {
    const path = await sample(name);
    const read = head(path);
    if (name.endsWith('.ts')) expect(read).toBeNull();
    else await expectSame(path);
  },
);

test.each(['plain.mp4', 'text.mp4', 'rich.mkv', 'hdr.mp4', 'surround.mkv'])(
  'a damaged %s is read or left to ffprobe, and never ends a scan',
  (name) => {
    const whole = readFileSync(join(dir, name));
    const path = join(dir, `damaged-${name}`);
    const random = seeded(name.length);
    let left = 0;
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(whole);
      // What describes the film lies at one of its ends.
      for (let i = 0; i < 6; i++) {
        const at = Math.floor(random() * 4096);
        bytes[random() < 0.5 ? at : bytes.length - 1 - at] = Math.floor(random() * 256);
      }
      writeFileSync(path, bytes.subarray(0, random() < 0.2 ? Math.floor(random() * bytes.length) : undefined));
      const read = head(path);
      if (read === null) left++;
      else expect(read.media.video.length + read.media.audio.length).toBeGreaterThan(0);
    }
    expect(left).toBeGreaterThan(0);
  },
);

/** mulberry32: the same damage in every run. */
function seeded(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
