import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { readVtt } from '../../shared/media/web-vtt.ts';
import { DIRECT, indexed, stage, wholeOf } from './playback-stage.ts';
import { sample } from './samples.ts';
import { wrappedFfmpeg } from './wrapped-ffmpeg.ts';

const theatre = await stage();
const dir = await mkdtemp(join(tmpdir(), 'hearthcast-subtitles-'));
afterAll(async () => {
  await theatre[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

async function vtt(
  copy: IndexedCopy,
  stream: number,
  more: { window?: number; form?: 'ass' } = {},
): Promise<{ type: string; text: string }> {
  const { bytes } = await theatre.open(copy, DIRECT);
  const answer = await bytes({ kind: 'subtitle', stream, ...more });
  return { type: answer.contentType, text: (await wholeOf(answer)).toString('utf8') };
}

async function withExternal(name: string, bytes: Uint8Array): Promise<IndexedCopy> {
  const path = join(dir, name);
  await writeFile(path, bytes);
  const copy = await indexed(await sample('film.mp4'));
  const [track] = (await indexed(await sample('film.mkv'))).media.subtitles;
  if (!track) throw new Error('no subtitles');
  const subtitles = [{ ...track, index: 1000, external: true }];
  return { ...copy, media: { ...copy.media, subtitles }, externalSubtitles: new Map([[1000, { path, stream: 0 }]]) };
}

const SRT = '1\r\n00:00:01,000 --> 00:00:02,500\r\nGrüße\r\n';

describe('subtitles', () => {
  it('of a film come whole as WebVTT', async () => {
    const copy = await indexed(await sample('film.mkv'));
    const [track] = copy.media.subtitles;
    const { type, text } = await vtt(copy, track?.index ?? -1);
    expect(type).toBe('text/vtt; charset=utf-8');
    expect(text).toMatch(
      /^WEBVTT\n\n00:01\.\d{3} --> 00:02\.\d{3}\nGrüße\n\n00:04\.\d{3} --> 00:05\.\d{3}\nsecond line\n/,
    );
    expect((await vtt(copy, track?.index ?? -1)).text).toBe(text);
  });

  it.each([
    ['UTF-8', Buffer.from(SRT)],
    ['Windows-1252', Buffer.from(SRT, 'latin1')],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(SRT, 'utf16le')])],
  ])('beside a film in %s come as UTF-8', async (name, bytes) => {
    const { text } = await vtt(await withExternal(`${name} %d.srt`, bytes), 1000);
    expect(text).toContain('00:01.000 --> 00:02.500\nGrüße');
  });

  it('that are not there, or are pictures, are refused as content', async () => {
    const copy = await withExternal('gone.srt', Buffer.from(SRT));
    await expect(vtt(copy, 7)).rejects.toMatchObject({ class: 'content', code: 'not-found' });
    await rm(join(dir, 'gone.srt'));
    await expect(vtt(copy, 1000)).rejects.toMatchObject({ class: 'content', code: 'not-found' });
    const [track] = copy.media.subtitles;
    if (!track) throw new Error('no subtitles');
    const pictures = { ...copy, media: { ...copy.media, subtitles: [{ ...track, index: 4, form: 'image' as const }] } };
    await expect(vtt(pictures, 4)).rejects.toMatchObject({ class: 'content', code: 'not-playable' });
  });

  it('in an old encoding are read by the language that the file has', async () => {
    const russian = Buffer.concat([
      Buffer.from('1\n00:00:01,000 --> 00:00:02,500\n'),
      Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x0a]),
    ]);
    const copy = await withExternal('film.ru.srt', russian);
    const subtitles = copy.media.subtitles.map((track) => ({ ...track, language: 'ru' }));
    expect((await vtt({ ...copy, media: { ...copy.media, subtitles } }, 1000)).text).toContain('Привет');
  });

  it('are made to the end when the viewer who asked has left, once for everyone', async () => {
    await using ffmpeg = await wrappedFfmpeg('sleep 0.5');
    await using patient = await stage({ binaries: ffmpeg.binaries });
    const copy = await indexed(await sample('film.mkv'));
    const stream = copy.media.subtitles[0]?.index ?? -1;
    const { bytes } = await patient.open(copy, DIRECT);
    const viewer = new AbortController();
    const left = bytes({ kind: 'subtitle', stream }, { signal: viewer.signal });
    const stayed = bytes({ kind: 'subtitle', stream });
    viewer.abort(new Error('the viewer has left'));
    await expect(left).rejects.toThrow('the viewer has left');
    expect((await wholeOf(await stayed)).toString('utf8')).toContain('Grüße');
    expect((await wholeOf(await bytes({ kind: 'subtitle', stream }))).toString('utf8')).toContain('Grüße');
    expect(await ffmpeg.calls()).toHaveLength(1);
  });
});

describe('a window of subtitles', () => {
  // To a tenth: the encoder's own delay moves a whole film by 21 ms when it is put into Matroska.
  const tenth = (seconds: number) => Math.round(seconds * 10) / 10;
  const textsOf = (text: string) => readVtt(text).map((cue) => [tenth(cue.start), tenth(cue.end), cue.text]);

  it.each(['long.mkv', 'long.mp4', 'late.mkv'] as const)('of %s has the times of the film', async (name) => {
    const copy = await indexed(await sample(name));
    const stream = copy.media.subtitles[0]?.index ?? -1;
    const first = await vtt(copy, stream, { window: 0 });
    expect(first.type).toBe('text/vtt; charset=utf-8');
    expect(first.text).toMatch(/^WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n/);
    expect(textsOf(first.text)).toEqual([
      [1, 2.5, 'one'],
      [55, 65, 'over the edge'],
    ]);
    expect(textsOf((await vtt(copy, stream, { window: 1 })).text)).toEqual([
      [55, 65, 'over the edge'],
      [70, 71, 'two'],
    ]);
    expect(textsOf((await vtt(copy, stream, { window: 2 })).text)).toEqual([]);
    await expect(vtt(copy, stream, { window: 99 })).rejects.toMatchObject({ class: 'content', code: 'not-found' });
  });

  it('is the same when it is cut from the whole track', async () => {
    const copy = await indexed(await sample('long.mkv'));
    const stream = copy.media.subtitles[0]?.index ?? -1;
    const windows = await Promise.all([0, 1, 2].map((window) => vtt(copy, stream, { window })));
    await vtt(copy, stream);
    const again = await Promise.all([0, 1, 2].map((window) => vtt(copy, stream, { window })));
    expect(again.map(({ text }) => textsOf(text))).toEqual(windows.map(({ text }) => textsOf(text)));
  });

  it('does not read on to the next subtitle, and at most two processes read at once', async () => {
    await using ffmpeg = await wrappedFfmpeg('sleep 0.2');
    await using patient = await stage({ binaries: ffmpeg.binaries });
    const copy = await indexed(await sample('long.mkv'));
    const stream = copy.media.subtitles[0]?.index ?? -1;
    const { bytes } = await patient.open(copy, DIRECT);
    await Promise.all([0, 1, 2].map((window) => bytes({ kind: 'subtitle', stream, window })));
    const calls = await ffmpeg.calls();
    expect(calls.filter((call) => call.includes('-progress'))).toHaveLength(3);
    expect(calls.filter((call) => call.includes('-readrate')).length).toBeLessThanOrEqual(1);
  });

  it('comes from a file beside the film too', async () => {
    const copy = await withExternal('film.en.srt', Buffer.from(SRT));
    expect(textsOf((await vtt(copy, 1000, { window: 0 })).text)).toEqual([[1, 2.5, 'Grüße']]);
  });
});

it('subtitles in ASS are given as they are to who draws them, and others are not', async () => {
  const ass =
    '[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\\\pos(10,20)}Grüße\n';
  const copy = await withExternal('film.ass', Buffer.from(ass));
  const subtitles = copy.media.subtitles.map((track) => ({ ...track, codec: 'ass' }));
  const { type, text } = await vtt({ ...copy, media: { ...copy.media, subtitles } }, 1000, { form: 'ass' });
  expect(type).toBe('text/x-ssa; charset=utf-8');
  expect(text).toContain('pos(10,20)}Grüße');
  const plain = await withExternal('plain.srt', Buffer.from(SRT));
  await expect(vtt(plain, 1000, { form: 'ass' })).rejects.toMatchObject({ class: 'content', code: 'not-found' });
});
