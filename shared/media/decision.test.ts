import { describe, expect, it } from 'vitest';
import { audioStream, CHROMIUM, DEMO, mediaInfo, subtitleStream, videoStream } from '../../test/fakes/media-samples.ts';
import { type DecisionInput, decide } from './decision.ts';
import { Plan } from './plan.ts';

const SOFTWARE = { videoEncoders: ['libx264'] };
const outcome = (input: Partial<DecisionInput>) =>
  decide({ media: DEMO.plain, profile: CHROMIUM, agent: SOFTWARE, ...input });
const codes = (input: Partial<DecisionInput>) => outcome(input).reasons.map((reason) => reason.code);
const planOf = (input: Partial<DecisionInput>) => Plan.parse(outcome(input));

const withVideo = (change: Parameters<typeof videoStream>[0]) => mediaInfo({ video: [videoStream(change)] });
const withAudio = (change: Parameters<typeof audioStream>[0]) => mediaInfo({ audio: [audioStream(change)] });

describe('the decision', () => {
  it('names what each reason is about', () => {
    expect(outcome({ media: DEMO.mpeg2 }).reasons).toContainEqual({
      code: 'video-codec-not-supported',
      detail: 'mpeg2video',
    });
    expect(codes({ media: DEMO.hevc10 }).filter((code) => code === 'video-codec-not-supported')).toHaveLength(1);
  });

  it('prefers the video stream that is marked as the default', () => {
    const media = mediaInfo({
      container: 'mkv',
      video: [videoStream({ index: 0, codec: 'mjpeg', default: false }), videoStream({ index: 5 })],
    });
    expect(planOf({ media }).video).toMatchObject([{ stream: 5, action: 'copy' }]);
  });
});

describe('a file that is to be kept', () => {
  const bare = { ...CHROMIUM, file: { containers: [], video: [], audio: [] } };

  it.each(Object.entries(DEMO))('comes as it is whatever is in it: %s', (_, media) => {
    expect(planOf({ media, profile: bare, asItIs: true })).toMatchObject({ mode: 'direct', reasons: [], video: [] });
  });

  it('does not come where it is more than one may take', () => {
    expect(outcome({ asItIs: true, maxBitrate: 4_000_000 })).toMatchObject({
      mode: 'none',
      reasons: [{ code: 'bitrate-limit', detail: '4000 kbit/s' }],
    });
  });
});

describe('subtitles that are pictures', () => {
  const pgs = subtitleStream({ index: 4, codec: 'hdmv_pgs_subtitle', form: 'image', language: 'deu', forced: true });
  const media = mediaInfo({ subtitles: [subtitleStream({ index: 3 }), pgs] });

  it('are offered beside the text, and change nothing until they are chosen', () => {
    expect(planOf({ media })).toMatchObject({
      mode: 'direct',
      subtitles: [{ stream: 3 }],
      burnable: [{ stream: 4, language: 'deu', forced: true }],
    });
  });

  it('are painted into every rendition once chosen, and that is the reason', () => {
    const plan = planOf({ media, subtitleStream: 4 });
    expect(plan.mode).toBe('transcode');
    expect(plan.reasons).toEqual([{ code: 'subtitle-burn-in', detail: 'hdmv_pgs_subtitle' }]);
    expect(plan.video.length).toBeGreaterThan(1);
    expect(plan.video.every((video) => video.action === 'transcode' && video.burnIn === 4)).toBe(true);
    expect(plan.audio).toMatchObject([{ action: 'copy' }]);
  });

  it('are no reason where the stream is text, is not there, or there is no picture to paint into', () => {
    for (const subtitleStream of [3, 77]) expect(planOf({ media, subtitleStream }).mode).toBe('direct');
    const song = mediaInfo({ container: 'mp3', video: [], audio: DEMO.song.audio, subtitles: [pgs] });
    expect(planOf({ media: song, subtitleStream: 4 })).toMatchObject({ mode: 'direct', burnable: [] });
  });

  it('are no reason for a client that shows them itself, of the file that it plays as it is', () => {
    const profile = { ...CHROMIUM, subtitles: ['text' as const, 'image' as const] };
    expect(planOf({ media, profile, subtitleStream: 4 })).toMatchObject({ mode: 'direct', burnable: [{ stream: 4 }] });
    const beside = mediaInfo({ subtitles: [{ ...pgs, external: true }] });
    expect(planOf({ media: beside, profile, subtitleStream: 4 }).mode).toBe('transcode');
    // Segments carry none: there they are painted after all.
    const cut = planOf({ media: { ...media, container: 'mkv' }, profile, subtitleStream: 4 });
    expect(cut.video.every(({ burnIn }) => burnIn === 4)).toBe(true);
  });

  it('cannot be chosen where no machine encodes', () => {
    expect(outcome({ media, subtitleStream: 4, agent: { videoEncoders: [] } })).toMatchObject({ mode: 'none' });
  });
});

describe('subtitles that are text', () => {
  const media = mediaInfo({ subtitles: [subtitleStream({ index: 3 }), subtitleStream({ index: 4, codec: 'ass' })] });
  const offered = (subtitles?: ('text' | 'ass' | 'image')[]) =>
    planOf({ media, profile: { ...CHROMIUM, subtitles } }).subtitles.map(({ stream, ass }) => [stream, ass]);

  it('are offered in the forms that the client shows', () => {
    const drawn = [
      [3, undefined],
      [4, true],
    ];
    expect(offered()).toEqual(drawn);
    expect(offered(['text', 'ass'])).toEqual(drawn);
    expect(offered(['text']).map(([, ass]) => ass)).toEqual([undefined, undefined]);
    expect(offered(['image'])).toEqual([]);
    expect(offered(['ass'])).toEqual([[4, true]]);
  });

  it('are painted into every rendition for a client that draws none, and listed as such', () => {
    const silent = { media, profile: { ...CHROMIUM, subtitles: [] }, agent: { ...SOFTWARE, paintsText: true } };
    expect(planOf(silent)).toMatchObject({
      mode: 'direct',
      subtitles: [],
      burnable: [{ stream: 3 }, { stream: 4 }],
    });
    const plan = planOf({ ...silent, subtitleStream: 3 });
    expect(plan.reasons).toEqual([{ code: 'subtitle-burn-in', detail: 'subrip' }]);
    expect(plan.video.every((video) => video.action === 'transcode' && video.burnIn === 3)).toBe(true);
    expect(planOf({ ...silent, agent: SOFTWARE }).burnable).toEqual([]);
    expect(outcome({ ...silent, agent: SOFTWARE, subtitleStream: 3 })).toMatchObject({
      mode: 'none',
      detail: expect.stringContaining('cannot paint text'),
    });
  });
});

describe('the codec of a transcode', () => {
  const both = [
    { codec: 'h264' as const, maxBitDepth: 8, hdr: false },
    { codec: 'hevc' as const, maxBitDepth: 10, hdr: false },
    { codec: 'av1' as const, maxBitDepth: 10, hdr: false },
  ];
  const made = (videoEncoders: string[], video = both) => {
    const segments = { ...CHROMIUM.segments, video };
    const media = mediaInfo({ container: 'avi', video: [videoStream({ codec: 'mpeg4' })] });
    const plan = decide({ media, profile: { ...CHROMIUM, segments }, agent: { videoEncoders } });
    return plan.mode === 'none' ? plan.detail : plan.video[0]?.id;
  };

  it.each([
    [['libx264'], 'v1080'],
    [['h264_nvenc', 'hevc_nvenc', 'libx264'], 'v1080-hevc'],
    [['h264_nvenc', 'av1_nvenc', 'libx264'], 'v1080-av1'],
    // The processor's HEVC is several times the work of the chip's H.264.
    [['h264_vaapi', 'libx264', 'libx265'], 'v1080'],
    [['libx264', 'libsvtav1'], 'v1080-av1'],
    [['hevc_videotoolbox'], 'v1080-hevc'],
    [[], 'The machine that holds the file has no H.264 encoder: install ffmpeg with libx264 there.'],
  ])('of a machine with %j is the thriftiest that client and chip have', (videoEncoders, expected) => {
    expect(made(videoEncoders)).toBe(expected);
  });

  it('is H.264 for a client that takes nothing else, whatever the machine has', () => {
    expect(made(['hevc_nvenc', 'av1_nvenc', 'h264_nvenc'], both.slice(0, 1))).toBe('v1080');
  });
});

describe('a remux', () => {
  const plan = planOf({ media: DEMO.twoLanguages });

  it('copies the picture, transcodes AC-3 to AAC and copies AAC', () => {
    expect(plan.video).toMatchObject([{ id: 'vcopy', action: 'copy', codecs: 'avc1.640028' }]);
    expect(plan.audio).toMatchObject([
      { id: 'a1', action: 'transcode', codec: 'aac', channels: 6, sampleRate: 48_000, bitrate: 384_000, default: true },
      { id: 'a1-stereo', action: 'transcode', codec: 'aac', channels: 2, bitrate: 160_000, default: false },
      { id: 'a2', action: 'copy', codec: 'aac', channels: 2, bitrate: 160_000, default: false, language: 'fra' },
    ]);
  });

  it('begins with the track that the viewer chose', () => {
    const chosen = planOf({ media: DEMO.twoLanguages, audioStream: 2 });
    expect(chosen.audio.map((audio) => audio.default)).toEqual([false, false, true]);
  });

  it('lists text subtitles and leaves pictures out', () => {
    const media = mediaInfo({
      subtitles: [
        subtitleStream({ index: 3, forced: true }),
        subtitleStream({ index: 4, codec: 'hdmv_pgs_subtitle', form: 'image' }),
        subtitleStream({ index: 1000, external: true, sdh: true, language: null }),
      ],
    });
    expect(planOf({ media }).subtitles).toEqual([
      { stream: 3, language: 'eng', title: null, forced: true, default: false, sdh: false },
      { stream: 1000, language: null, title: null, forced: false, default: false, sdh: true },
    ]);
  });

  it('keeps to stereo where the client takes no more, and mono stays mono', () => {
    const stereo = {
      ...CHROMIUM,
      segments: { ...CHROMIUM.segments, audio: [{ codec: 'aac' as const, maxChannels: 2 }] },
    };
    const channels = (count: number) =>
      planOf({ media: withAudio({ codec: 'dts', channels: count }), profile: stereo }).audio[0]?.channels;
    expect([channels(1), channels(2), channels(3), channels(6), channels(8)]).toEqual([1, 2, 2, 2, 2]);
  });

  it('holds sixteen sound tracks of sixty-four, the chosen one among them', () => {
    const audio = Array.from({ length: 64 }, (_, at) => audioStream({ index: at + 1, default: at === 0 }));
    const plan = planOf({ media: mediaInfo({ container: 'mkv', audio }), audioStream: 60 });
    expect(plan.audio).toHaveLength(16);
    expect(plan.audio.filter((track) => track.default).map((track) => track.stream)).toEqual([60]);
  });
});

describe('a transcode', () => {
  it('of HDR asks for tone mapping, and offers H.264 with AAC', () => {
    const plan = planOf({ media: DEMO.hevc10 });
    expect(plan.video.map((video) => [video.id, video.codec, video.tonemap])).toEqual([
      ['v1080', 'h264', true],
      ['v720', 'h264', true],
      ['v480', 'h264', true],
    ]);
    expect(plan.audio).toMatchObject([{ action: 'copy', codec: 'aac' }]);
  });

  it('of anamorphic interlaced television has square pixels and is deinterlaced', () => {
    expect(planOf({ media: DEMO.mpeg2 }).video[0]).toMatchObject({ width: 1024, height: 576, deinterlace: true });
  });

  it('under a limit leaves room for the sound', () => {
    expect(planOf({ maxBitrate: 4_100_000 }).video[0]).toMatchObject({ id: 'v480', bitrate: 2_000_000 });
    expect(planOf({ maxBitrate: 4_160_000 }).video[0]).toMatchObject({ id: 'v720', bitrate: 4_000_000 });
  });

  it('goes above 1080 with a hardware encoder only', () => {
    const media = withVideo({ codec: 'hevc', width: 3840, height: 2160, bitrate: 30_000_000 });
    expect(planOf({ media }).video[0]?.id).toBe('v1080');
    expect(planOf({ media, agent: { videoEncoders: ['h264_nvenc', 'libx264'] } }).video[0]?.id).toBe('v2160');
  });

  it('that no machine can do says what to do about it', () => {
    expect(outcome({ media: withVideo({ codec: 'hevc' }), agent: { videoEncoders: [] } })).toMatchObject({
      detail: expect.stringContaining('install ffmpeg'),
    });
  });
});
