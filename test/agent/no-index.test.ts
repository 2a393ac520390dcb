import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { probe } from '../../agent/library/probe/probe.ts';
import { decide } from '../../shared/media/decision.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import { segmentCount } from '../../shared/media/timeline.ts';
import { CHROMIUM } from '../fakes/media-samples.ts';
import { BINARIES, decoded, execute, range, stage } from './playback-stage.ts';
import { sample } from './samples.ts';

const dir = await mkdtemp(join(tmpdir(), 'hearthcast-no-index-'));
// Nothing may be read while a viewer waits, as if these were files of gigabytes.
const theatre = await stage({ keyframeLimits: { maxFileBytes: 1000, timeoutMs: 1000 } });
afterAll(async () => {
  await theatre[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

/** A film written to a pipe: no duration, no cues, no sizes; 14 s of H.264 and AAC. */
async function piped(name: string): Promise<string> {
  const path = join(dir, name);
  const args = [
    '-v',
    'error',
    '-i',
    await sample('film.mp4'),
    '-t',
    '14',
    '-c',
    'copy',
    '-live',
    '1',
    '-f',
    'matroska',
  ];
  const { stdout } = await execute('ffmpeg', [...args, 'pipe:1'], { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
  await writeFile(path, stdout);
  return path;
}

async function stream(name: string): Promise<string> {
  const path = join(dir, name);
  await execute('ffmpeg', ['-v', 'error', '-i', await sample('film.mp4'), '-t', '14', '-c', 'copy', path]);
  return path;
}

async function probed(path: string): Promise<MediaInfo> {
  const { size } = await stat(path);
  const shape = { recognised: true, expectedSize: null };
  const found = await probe(BINARIES.ffprobe, { path, size, shape }, AbortSignal.timeout(30_000));
  if ('problem' in found) throw new Error(found.problem.detail);
  return found.media;
}

describe('a Matroska file without a duration', () => {
  it('is as long as its last pictures say, also where it was cut off in the middle of one', async () => {
    const whole = await piped('whole.mkv');
    const told = (await probed(await stream('told.mkv'))).durationMs;
    expect(Math.abs((await probed(whole)).durationMs - told)).toBeLessThan(50);
    const bytes = await readFile(whole);
    const cut = join(dir, 'cut.mkv');
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const { durationMs } = await probed(cut);
    expect(durationMs).toBeGreaterThan(5_000);
    expect(durationMs).toBeLessThan(12_000);
  });
});

describe('a film without an index', () => {
  it.each([
    ['Matroska from a pipe', piped, 'index.mkv'],
    ['a transport stream', stream, 'index.ts'],
  ] as const)('plays transcoded at first, and as it is once its keyframes were read: %s', async (_what, make, name) => {
    const path = await make(name);
    const media = await probed(path);
    const { size, mtimeMs } = await stat(path);
    const fingerprint = Buffer.from(name).toString('hex').padEnd(32, '0');
    const copy: IndexedCopy = { path, size, mtimeMs, fingerprint, media, externalSubtitles: new Map() };
    const planned = (keyframesUnknown: boolean) => {
      const plan = decide({ media, profile: CHROMIUM, keyframesUnknown, agent: { videoEncoders: ['libx264'] } });
      if (plan.mode === 'none') throw new Error(plan.detail);
      return plan;
    };
    const remux = planned(false);
    expect(remux.mode).toBe('remux');
    await expect(theatre.open(copy, remux)).rejects.toThrow('keyframes-unknown');

    const transcode = planned(true);
    expect(transcode.reasons.map(({ code }) => code)).toContain('keyframes-unknown');
    const first = await theatre.open(copy, transcode);
    expect((await first.segment(transcode.video[0]?.id ?? '', 0)).length).toBeGreaterThan(0);

    let next = await theatre.open(copy, remux).catch(() => null);
    while (!next) {
      await sleep(20);
      next = await theatre.open(copy, remux).catch(() => null);
    }
    const ks = range(0, segmentCount(next.answer.timeline ?? { runs: [] }));
    const { frames, complaints } = await decoded(await next.assembled('vcopy', ks));
    expect(complaints).toBe('');
    const counting = [
      '-v',
      'error',
      '-select_streams',
      'v',
      '-count_packets',
      '-show_entries',
      'stream=nb_read_packets',
    ];
    const { stdout } = await execute('ffprobe', [...counting, '-of', 'csv=p=0', path]);
    expect(frames.length).toBe(Number.parseInt(stdout, 10));
  });
});
