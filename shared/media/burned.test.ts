import { describe, expect, it } from 'vitest';
import { audioStream, CHROMIUM, mediaInfo, subtitleStream } from '../../test/fakes/media-samples.ts';
import { burnedTrack, drawsText, trackUse } from './burned.ts';
import { decide } from './decision.ts';

const pgs = (index: number, language: string | null, forced: boolean) =>
  subtitleStream({ index, codec: 'hdmv_pgs_subtitle', form: 'image', language, forced });
const english = audioStream({ index: 1, language: 'eng' });
const tracks = [pgs(3, 'eng', false), pgs(4, 'fra', true), pgs(5, 'eng', true)];
const media = mediaInfo({ audio: [english], subtitles: tracks });
const USE = trackUse(CHROMIUM, false);
const chosen = (subtitles: typeof tracks, wish: Parameters<typeof burnedTrack>[2] = {}) =>
  burnedTrack({ ...media, subtitles }, english, wish, USE)?.index ?? null;

describe('the pictures that are painted into a film', () => {
  it('are those that are asked for, and none where none are wanted', () => {
    expect(chosen(tracks, { subtitleStream: 3 })).toBe(3);
    expect(chosen(tracks, { subtitleStream: null })).toBeNull();
    expect(chosen(tracks, { subtitleStream: 77 })).toBeNull();
  });

  it('are by themselves the forced ones in the language of the sound', () => {
    expect(chosen(tracks)).toBe(5);
    expect(chosen(tracks.slice(0, 2))).toBeNull();
    expect(burnedTrack(media, audioStream({ index: 2, language: 'fra' }), {}, USE)?.index).toBe(4);
    expect(chosen([pgs(3, null, true)])).toBeNull();
  });

  it('are none beside text: forced text in that language, or the text that the viewer shows', () => {
    const text = (language: string, forced: boolean) => subtitleStream({ index: 9, language, forced });
    expect(chosen([...tracks, text('eng', true)])).toBeNull();
    expect(chosen([...tracks, text('deu', false)], { subtitleLanguage: 'deu' })).toBeNull();
    // The film has none in the language that was chosen last.
    expect(chosen([...tracks, text('deu', false)], { subtitleLanguage: 'jpn' })).toBe(5);
    expect(chosen([...tracks, text('deu', false)])).toBe(5);
  });

  it('are encoded where a machine can, and left out where none can', () => {
    const plan = decide({ media, profile: CHROMIUM, agent: { videoEncoders: ['libx264'] } });
    expect(plan).toMatchObject({ mode: 'transcode', reasons: [{ code: 'subtitle-burn-in' }] });
    expect('video' in plan && plan.video[0]?.burnIn).toBe(5);
    expect(decide({ media, profile: CHROMIUM, agent: { videoEncoders: [] } }).mode).toBe('direct');
    const asked = { media, profile: CHROMIUM, agent: { videoEncoders: [] }, subtitleStream: 5 };
    expect(decide(asked).mode).toBe('none');
  });
});

describe('text that is painted into a film', () => {
  const text = (index: number, codec: string, forced = false) =>
    subtitleStream({ index, codec, form: 'text', language: 'eng', forced });
  const painted = (
    subtitles: ('text' | 'ass' | 'image')[] | undefined,
    given: typeof tracks,
    wish: Parameters<typeof burnedTrack>[2],
    paintsText = true,
  ) => burnedTrack({ ...media, subtitles: given }, english, wish, trackUse({ subtitles }, paintsText))?.index ?? null;

  it.each([
    ['a client that says nothing', undefined, true, true],
    ['one that draws text', ['text' as const], true, true],
    ['one that draws ASS alone', ['ass' as const], false, true],
    ['one that shows pictures alone', ['image' as const], false, false],
    ['one that shows none', [], false, false],
  ])('is what is not drawn by %s', (_name, subtitles, srt, ass) => {
    expect(drawsText({ subtitles }, text(3, 'subrip'))).toBe(srt);
    expect(drawsText({ subtitles }, text(3, 'ass'))).toBe(ass);
    expect(drawsText({ subtitles }, pgs(3, 'eng', false))).toBe(false);
    const given = [text(3, 'subrip'), text(4, 'ass')];
    expect(painted(subtitles, given, { subtitleStream: 3 })).toBe(srt ? null : 3);
    expect(painted(subtitles, given, { subtitleStream: 4 })).toBe(ass ? null : 4);
  });

  it('is none that nobody chose, but for the forced one in the language of the sound', () => {
    expect(painted([], [text(3, 'subrip')], {})).toBeNull();
    expect(painted([], [text(3, 'subrip')], { subtitleLanguage: 'eng' })).toBeNull();
    expect(painted([], [text(3, 'subrip'), text(4, 'subrip', true)], {})).toBe(4);
    expect(painted([], [text(4, 'subrip', true)], { subtitleStream: null })).toBeNull();
    // Drawn by the client, which chooses it itself.
    expect(painted(['text'], [text(4, 'subrip', true), pgs(5, 'eng', true)], {})).toBeNull();
  });

  it('is none on a machine that cannot; what is forced comes in pictures then, where there are some', () => {
    expect(painted([], [text(3, 'subrip')], { subtitleStream: 3 }, false)).toBeNull();
    expect(painted([], [text(4, 'subrip', true), pgs(5, 'eng', true)], {}, false)).toBe(5);
  });
});
