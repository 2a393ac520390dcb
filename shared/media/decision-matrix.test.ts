import { describe, expect, it } from 'vitest';
import { audioStream, CHROMIUM, mediaInfo, TELEVISION, videoStream } from '../../test/fakes/media-samples.ts';
import { decide } from './decision.ts';
import type { DeviceProfile } from './device-profile.ts';
import type { MediaInfo } from './media-info.ts';
import { Plan } from './plan.ts';

const CONTAINERS = ['mp4', 'mov', 'mkv', 'webm', 'ts', 'avi', 'wmv', 'flv', 'ogg', 'mpg'];
const PICTURES = ['h264', 'hevc', 'av1', 'vp9', 'vp8', 'mpeg2video', 'mpeg4', 'vc1', 'wmv2', 'theora', 'prores'];
const SOUNDS = ['aac', 'ac3', 'eac3', 'dts', 'truehd', 'flac', 'opus', 'mp3', 'pcm_s16le', 'vorbis', 'wmav2'];
/** What the two clients of the samples take: written out, so that the decision is not asked about itself. */
const TAKES: Record<string, { files: string[]; pictures: string[]; fileSounds: string[]; segmentSounds: string[] }> = {
  Chromium: {
    files: ['mp4', 'webm', 'ogg'],
    pictures: ['h264', 'vp9', 'av1'],
    fileSounds: ['aac', 'opus', 'flac', 'mp3'],
    segmentSounds: ['aac', 'opus', 'flac'],
  },
  Television: {
    files: ['mp4', 'mkv', 'ts'],
    pictures: ['h264', 'hevc'],
    fileSounds: ['aac', 'ac3', 'eac3'],
    segmentSounds: ['aac', 'ac3'],
  },
};
const plan = (media: MediaInfo, profile: DeviceProfile, maxBitrate?: number) =>
  Plan.parse(decide({ media, profile, maxBitrate, agent: { videoEncoders: ['libx264'] } }));

describe.each([CHROMIUM, TELEVISION])('$name', (profile) => {
  const takes = TAKES[profile.name];
  if (!takes) throw new Error(`nothing is known of ${profile.name}`);
  const rows = CONTAINERS.flatMap((container) => PICTURES.map((picture) => [picture, container] as const));

  it.each(rows)('plays %s in %s with every sound as cheaply as it can', (picture, container) => {
    for (const sound of SOUNDS) {
      const video = [videoStream({ codec: picture, profile: null, level: null })];
      const made = plan(
        mediaInfo({ container, video, audio: [audioStream({ codec: sound, profile: null })] }),
        profile,
      );
      const seen = takes.pictures.includes(picture);
      const asFile = seen && takes.files.includes(container) && takes.fileSounds.includes(sound);
      expect(made.mode, sound).toBe(asFile ? 'direct' : seen ? 'remux' : 'transcode');
      if (asFile) continue;
      expect(made.audio[0]?.action, sound).toBe(takes.segmentSounds.includes(sound) ? 'copy' : 'transcode');
      expect(made.video.map(({ codec }) => codec)).toEqual(made.video.map(() => (seen ? picture : 'h264')));
      const codes = made.reasons.map(({ code }) => code);
      expect(codes.includes('video-codec-not-supported')).toBe(!seen);
      expect(codes.includes('container-not-supported')).toBe(!takes.files.includes(container));
    }
  });
});

describe('a limit of bits', () => {
  const SOURCES = [
    ['a film', mediaInfo()],
    [
      'a film with lossless surround',
      mediaInfo({ bitrate: 12_000_000, audio: [audioStream({ codec: 'flac', channels: 8, bitrate: 4_500_000 })] }),
    ],
    [
      'a film with TrueHD',
      mediaInfo({ bitrate: 12_000_000, audio: [audioStream({ codec: 'truehd', channels: 8, bitrate: 4_000_000 })] }),
    ],
    [
      '4K',
      mediaInfo({ bitrate: 60_000_000, video: [videoStream({ width: 3840, height: 2160, bitrate: 58_000_000 })] }),
    ],
    [
      'a fast camera',
      mediaInfo({
        bitrate: 50_000_000,
        video: [videoStream({ frameRate: { num: 120, den: 1 }, bitrate: 48_000_000 })],
      }),
    ],
  ] as const;
  const LIMITS = [400_000, 700_000, 1_500_000, 3_000_000, 5_000_000, 8_000_000, 20_000_000];
  const rows = SOURCES.flatMap(([name, media]) => LIMITS.map((limit) => [name, limit, media] as const));

  it.each(rows)('keeps %s within %d bit/s, sound and picture together', (_name, limit, media) => {
    for (const profile of [CHROMIUM, TELEVISION]) {
      const made = plan(media, profile, limit);
      if (made.mode === 'direct') {
        expect(media.bitrate).toBeLessThanOrEqual(limit);
        continue;
      }
      const sound = Math.max(...made.audio.map(({ bitrate }) => bitrate));
      for (const video of made.video.filter(({ action }) => action === 'transcode')) {
        expect(video.bitrate + sound).toBeLessThanOrEqual(limit);
      }
      if (media.bitrate !== null && media.bitrate > limit) {
        expect(made.mode).toBe('transcode');
        expect(made.reasons.map(({ code }) => code)).toContain('bitrate-limit');
      }
    }
  });

  it('leaves surround where there is room for it, and takes it back where there is none', () => {
    const media = mediaInfo({ audio: [audioStream({ codec: 'truehd', channels: 8, bitrate: 4_000_000 })] });
    const sounds = [20_000_000, 1_600_000, 1_000_000, 400_000].map((limit) => {
      const [sound] = plan(media, CHROMIUM, limit).audio;
      return [sound?.codec, sound?.channels, sound?.bitrate];
    });
    expect(sounds).toEqual([
      ['aac', 6, 384_000],
      ['aac', 6, 384_000],
      ['aac', 2, 160_000],
      ['aac', 2, 100_000],
    ]);
  });

  it('makes TrueHD and DTS into AC-3 for a television that plays AAC only in stereo', () => {
    const segments = {
      ...TELEVISION.segments,
      audio: [
        { codec: 'aac' as const, maxChannels: 2 },
        { codec: 'ac3' as const, maxChannels: 6 },
      ],
    };
    for (const codec of ['truehd', 'dts', 'flac', 'pcm_s24le']) {
      const media = mediaInfo({ audio: [audioStream({ codec, channels: 8 })] });
      expect(plan(media, { ...TELEVISION, segments }).audio[0]).toMatchObject({
        ...{ action: 'transcode', codec: 'ac3', channels: 6, bitrate: 640_000, codecs: 'ac-3' },
      });
    }
    const media = mediaInfo({ audio: [audioStream({ codec: 'dts', channels: 2 })] });
    expect(plan(media, { ...TELEVISION, segments }).audio[0]).toMatchObject({ codec: 'aac', channels: 2 });
  });
});
