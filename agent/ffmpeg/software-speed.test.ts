import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isFastEnough, openSoftwareSpeeds, speedArguments } from './software-speed.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-speed-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}
const signal = new AbortController().signal;

it('the speed is that of the options that films are encoded with', () => {
  const args = speedArguments('hevc').join(' ');
  expect(args).toContain('testsrc2=size=1920x1080:rate=25 -frames:v 50');
  expect(args).toContain('-c:v libx265 -preset ultrafast');
  expect([isFastEnough(1.9), isFastEnough(2)]).toEqual([false, true]);
});

it('a codec is offered once it was measured and is fast enough; each is measured once', async () => {
  const dataDir = await folder();
  const measured: string[] = [];
  const options = {
    ...{ ffmpeg: 'ffmpeg', version: '7.1', dataDir, busy: () => false },
    measured: async (_: string, codec: string) => {
      measured.push(codec);
      return codec === 'av1' ? 3.1 : 0.7;
    },
  };
  const speeds = await openSoftwareSpeeds(options);
  expect(speeds.fast(['hevc', 'av1'])).toEqual([]);
  await speeds.measure(['hevc', 'av1'], signal);
  expect(speeds.fast(['hevc', 'av1'])).toEqual(['av1']);
  const again = await openSoftwareSpeeds(options);
  await again.measure(['hevc', 'av1'], signal);
  expect(again.fast(['hevc', 'av1'])).toEqual(['av1']);
  expect(measured).toEqual(['hevc', 'av1']);
});

it('another ffmpeg is measured anew, and what a power cut left is nothing', async () => {
  const dataDir = await folder();
  const options = { ffmpeg: 'ffmpeg', dataDir, measured: async () => 5, busy: () => false };
  const old = await openSoftwareSpeeds({ ...options, version: '5.1' });
  await old.measure(['hevc'], signal);
  expect((await openSoftwareSpeeds({ ...options, version: '8.0' })).fast(['hevc'])).toEqual([]);
  await writeFile(join(dataDir, 'encoding-speed.json'), '{"machine"');
  expect((await openSoftwareSpeeds({ ...options, version: '5.1' })).fast(['hevc'])).toEqual([]);
});

it('nothing is measured while the machine has other work', async () => {
  const measured: string[] = [];
  const speeds = await openSoftwareSpeeds({
    ...{ ffmpeg: 'ffmpeg', version: '7.1', dataDir: await folder(), busy: () => true },
    measured: async (_, codec) => measured.push(codec),
  });
  const stop = new AbortController();
  const work = speeds.measure(['hevc'], stop.signal);
  stop.abort(new Error('the agent stops'));
  await expect(work).rejects.toThrow();
  expect(measured).toEqual([]);
});
