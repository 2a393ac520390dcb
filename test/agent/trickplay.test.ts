import { afterAll, describe, expect, it } from 'vitest';
import { readVtt } from '../../shared/media/web-vtt.ts';
import { DIRECT, indexed, stage, wholeOf } from './playback-stage.ts';
import { sample } from './samples.ts';
import { wrappedFfmpeg } from './wrapped-ffmpeg.ts';

const theatre = await stage();
afterAll(() => theatre[Symbol.asyncDispose]());

/** Width and height of a JPEG, from its frame header. */
function sizeOf(jpeg: Buffer): [number, number] {
  for (let at = 2; at < jpeg.length; ) {
    const marker = jpeg.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  throw new Error('no JPEG');
}

describe('previews', () => {
  it.each(['film.mp4', 'hevc.mkv', 'broadcast.ts', 'vfr.mkv', 'long.mkv'] as const)(
    'of %s come as sheets, and a track says where each one lies',
    async (name) => {
      const copy = await indexed(await sample(name));
      const { bytes } = await theatre.open(copy, DIRECT);
      const track = await bytes({ kind: 'trickplay', sheet: null });
      expect(track.contentType).toBe('text/vtt; charset=utf-8');
      const cues = readVtt((await wholeOf(track)).toString('utf8'));
      expect(cues.at(-1)?.end).toBeCloseTo(copy.media.durationMs / 1000, 2);
      const sheets = new Set(cues.map(({ text }) => Number.parseInt(text, 10)));
      for (const sheet of sheets) {
        const answer = await bytes({ kind: 'trickplay', sheet });
        expect(answer.contentType).toBe('image/jpeg');
        const [width, height] = sizeOf(await wholeOf(answer));
        for (const { text } of cues.filter((cue) => Number.parseInt(cue.text, 10) === sheet)) {
          const [x = 0, y = 0, w = 0, h = 0] = (text.split('=')[1] ?? '').split(',').map(Number);
          expect([x + w <= width, y + h <= height]).toEqual([true, true]);
        }
      }
      await expect(bytes({ kind: 'trickplay', sheet: sheets.size })).rejects.toMatchObject({ code: 'not-found' });
    },
  );

  it('are none of sound alone', async () => {
    const { bytes } = await theatre.open(await indexed(await sample('song.m4a')), DIRECT);
    await expect(bytes({ kind: 'trickplay', sheet: null })).rejects.toMatchObject({ class: 'content' });
  });

  it('are made once, and not at all for a viewer who has left', async () => {
    await using ffmpeg = await wrappedFfmpeg('sleep 0.3');
    await using patient = await stage({ binaries: ffmpeg.binaries });
    const { bytes } = await patient.open(await indexed(await sample('film.mp4')), DIRECT);
    const viewer = new AbortController();
    const left = bytes({ kind: 'trickplay', sheet: 0 }, { signal: viewer.signal });
    viewer.abort(new Error('the viewer has left'));
    await expect(left).rejects.toThrow('the viewer has left');
    const both = await Promise.all([0, 0].map((sheet) => bytes({ kind: 'trickplay', sheet })));
    const [first, second] = await Promise.all(both.map(wholeOf));
    expect(first?.equals(second as Buffer)).toBe(true);
    expect((await ffmpeg.calls()).length).toBeLessThanOrEqual(2);
  });
});

it('the picture of a copy at a time comes without a session, of that very file alone', async () => {
  const copy = await indexed(await sample('film.mp4'));
  await theatre.open(copy, DIRECT);
  const still = {
    kind: 'still',
    copy: { root: 'films', pathHash: copy.fingerprint },
    fingerprint: copy.fingerprint,
    atMs: 5_000,
    width: 200,
  } as const;
  const ask = (resource: typeof still) =>
    theatre.playback.bytes({ session: null, generation: 0, resource, range: null }, AbortSignal.timeout(60_000));
  expect(sizeOf(await wholeOf(await ask(still)))).toEqual([200, 112]);
  await expect(ask({ ...still, fingerprint: '0'.repeat(32) })).rejects.toMatchObject({ code: 'not-found' });
});
