import { describe, expect, it } from 'vitest';
import { DEMO, mediaInfo, videoStream } from '../../test/fakes/media-samples.ts';
import type { VideoStream } from './media-info.ts';
import { copiedVideo, displaySize, rungOf, scaledTo, transcodeLadder, videoBitrate } from './renditions.ts';

const ladder = (change: Partial<VideoStream>, options: Partial<Parameters<typeof transcodeLadder>[0]> = {}) =>
  transcodeLadder({
    video: videoStream(change),
    sourceBitrate: null,
    support: { codec: 'h264', maxBitDepth: 8, hdr: false },
    codec: 'h264',
    hardware: false,
    limit: null,
    ...options,
  });
const sizes = (renditions: { id: string; width: number; height: number }[]) =>
  renditions.map(({ id, width, height }) => `${id} ${width}x${height}`);

describe('the ladder of a processor', () => {
  it.each<[string, Partial<VideoStream>, string[]]>([
    ['1080p', {}, ['v1080 1920x1080', 'v720 1280x720', 'v480 854x480']],
    ['720p', { width: 1280, height: 720 }, ['v720 1280x720', 'v480 854x480', 'v360 640x360']],
    ['480p', { width: 854, height: 480 }, ['v480 854x480', 'v360 640x360']],
    ['360p', { width: 640, height: 360 }, ['v360 640x360']],
    ['a small home video', { width: 320, height: 240 }, ['v240 320x240']],
    ['4K, capped', { width: 3840, height: 2160 }, ['v1080 1920x1080', 'v720 1280x720', 'v480 854x480']],
    ['wide 4K', { width: 3840, height: 1600 }, ['v1080 1920x800', 'v720 1280x534', 'v480 854x356']],
    ['cinemascope', { width: 1920, height: 800 }, ['v1080 1920x800', 'v720 1280x534', 'v480 854x356']],
    ['4:3 in HD', { width: 1440, height: 1080 }, ['v1080 1440x1080', 'v720 960x720', 'v480 640x480']],
    [
      'anamorphic PAL',
      { width: 720, height: 576, sar: { num: 64, den: 45 } },
      ['v576 1024x576', 'v480 854x480', 'v360 640x360'],
    ],
    ['NTSC of 4:3', { width: 720, height: 480, sar: { num: 8, den: 9 } }, ['v480 640x480', 'v360 480x360']],
    ['an unknown aspect', { sar: { num: 0, den: 1 } }, ['v1080 1920x1080', 'v720 1280x720', 'v480 854x480']],
    ['a phone held upright', { rotation: 90 }, ['v1080 1080x1920', 'v720 720x1280', 'v480 480x854']],
    ['a phone upside down', { rotation: 180 }, ['v1080 1920x1080', 'v720 1280x720', 'v480 854x480']],
    ['odd sizes', { width: 853, height: 481 }, ['v481 852x480', 'v360 638x360']],
    ['a rung too near', { width: 1300, height: 740 }, ['v740 1300x740', 'v480 844x480', 'v360 632x360']],
    ['one pixel', { width: 1, height: 1 }, ['v1 2x2']],
  ])('of %s', (_name, change, expected) => {
    expect(sizes(ladder(change))).toEqual(expected);
  });

  it('is never scaled up, is even and falls in bits', () => {
    for (const height of [97, 144, 360, 480, 540, 576, 720, 900, 1080, 1440, 2160, 4320]) {
      const rungs = ladder({ width: Math.round((height * 16) / 9), height }, { hardware: true });
      for (const rung of rungs) {
        expect(rung.height).toBeLessThanOrEqual(height);
        expect([rung.width % 2, rung.height % 2]).toEqual([0, 0]);
      }
      expect(rungs.map((rung) => rung.bitrate)).toEqual(rungs.map((rung) => rung.bitrate).sort((a, b) => b - a));
    }
  });
});

describe('the ladder', () => {
  it('goes up to 2160 with an encoder of its own', () => {
    expect(ladder({ width: 3840, height: 2160 }, { hardware: true }).map((rung) => rung.id)).toEqual([
      'v2160',
      'v1440',
      'v1080',
      'v720',
      'v480',
      'v360',
    ]);
    expect(ladder({ width: 7680, height: 4320 }, { hardware: true })[0]?.id).toBe('v2160');
  });

  it('offers nothing that the client says is too large or of too high a level', () => {
    const support = { codec: 'h264', maxBitDepth: 8, hdr: false } as const;
    expect(ladder({}, { support: { ...support, maxHeight: 720 } })[0]?.id).toBe('v720');
    expect(ladder({}, { support: { ...support, maxWidth: 900 } })[0]?.id).toBe('v480');
    expect(ladder({}, { support: { ...support, maxLevel: 31 } })[0]?.id).toBe('v720');
    expect(ladder({}, { support: { ...support, maxLevel: 10 } }).map((rung) => rung.id)).toEqual(['v360']);
  });

  it('is in the profile of H.264 that the client takes, at the level that it needs there', () => {
    const support = { codec: 'h264', maxBitDepth: 8, hdr: false } as const;
    const made = (profiles: string[]) => ladder({}, { support: { ...support, profiles } })[0]?.codecs;
    expect([made(['High']), made(['Main']), made(['Baseline'])]).toEqual([
      ...['avc1.640028', 'avc1.4D4028', 'avc1.42E028'],
    ]);
  });

  it('keeps HDR for a client whose profiles have room for it', () => {
    const hdr = { hdr: 'hdr10', codec: 'hevc', bitDepth: 10 } as const;
    const support = { codec: 'hevc', maxBitDepth: 10, hdr: true } as const;
    const range = (profiles: string[]) =>
      ladder(hdr, { codec: 'hevc', support: { ...support, profiles } }).map(({ range }) => range)[0];
    expect([range(['Main 10']), range(['Main'])]).toEqual(['PQ', undefined]);
  });

  it('stays within the bits that are allowed, and squeezes its lowest rung below', () => {
    expect(ladder({}, { limit: 5_000_000 })[0]).toMatchObject({ id: 'v720', bitrate: 4_000_000 });
    expect(ladder({}, { limit: 600_000 })).toMatchObject([{ id: 'v360', bitrate: 600_000 }]);
    expect(ladder({}, { limit: 10 })).toMatchObject([{ id: 'v360', bitrate: 250_000 }]);
  });

  it('offers no smaller picture that would cost about the same', () => {
    const bits = (sourceBitrate: number, hardware = false) =>
      ladder({ width: 3840, height: 2160 }, { sourceBitrate, hardware }).map(({ id, bitrate }) => [id, bitrate]);
    expect(bits(600_000)).toEqual([['v1080', 900_000]]);
    expect(bits(1_000_000)).toEqual([
      ['v1080', 1_500_000],
      ['v360', 1_000_000],
    ]);
    expect(bits(3_000_000)).toEqual([
      ['v1080', 4_500_000],
      ['v480', 2_000_000],
      ['v360', 1_000_000],
    ]);
    expect(bits(40_000_000, true).map(([id]) => id)).toEqual(['v2160', 'v1440', 'v1080', 'v720', 'v480', 'v360']);
    expect(bits(10_000_000, true).map(([id]) => id)).toEqual(['v2160', 'v1080', 'v720', 'v480', 'v360']);
  });

  it('gives a poor source no more bits than it can use, and newer codecs more than theirs', () => {
    expect(ladder({ codec: 'mpeg4' }, { sourceBitrate: 1_000_000 })[0]?.bitrate).toBe(1_500_000);
    expect(ladder({ codec: 'hevc' }, { sourceBitrate: 1_000_000 })[0]?.bitrate).toBe(2_500_000);
    expect(ladder({ codec: 'hevc' }, { sourceBitrate: 40_000_000 })[0]?.bitrate).toBe(8_000_000);
    expect(ladder({ codec: 'h264' }, { sourceBitrate: 1000 })[0]?.bitrate).toBe(250_000);
  });

  it('needs fewer bits in the newer codecs, and says so in its name', () => {
    const support = { maxBitDepth: 10, hdr: false };
    const rungs = (codec: 'hevc' | 'av1') =>
      ladder({}, { codec, support: { codec, ...support } }).map(({ id, bitrate, codecs }) => [id, bitrate, codecs]);
    expect(rungs('hevc')).toEqual([
      ['v1080-hevc', 4_800_000, 'hvc1.1.6.L120.B0'],
      ['v720-hevc', 2_400_000, 'hvc1.1.6.L93.B0'],
      ['v480-hevc', 1_200_000, 'hvc1.1.6.L90.B0'],
    ]);
    expect(rungs('av1')[0]).toEqual(['v1080-av1', 4_000_000, 'av01.0.08M.08']);
  });

  it('stays in HDR only in a codec and on a screen that have it, and only where every decoder finds a picture', () => {
    const support = { codec: 'hevc', maxBitDepth: 10, hdr: true } as const;
    const made = (hdr: VideoStream['hdr'], more: Partial<Parameters<typeof transcodeLadder>[0]> = {}) => {
      const [best] = ladder({ codec: 'hevc', bitDepth: 10, hdr }, { codec: 'hevc', support, ...more });
      return [best?.tonemap, best?.range, best?.codecs];
    };
    expect(made('hdr10')).toEqual([false, 'PQ', 'hvc1.2.4.L120.B0']);
    expect(made('hlg')).toEqual([false, 'HLG', 'hvc1.2.4.L120.B0']);
    expect(made('none')).toEqual([false, undefined, 'hvc1.1.6.L120.B0']);
    expect(made('dolby-vision')).toEqual([true, undefined, 'hvc1.1.6.L120.B0']);
    expect(made('hdr10', { support: { ...support, hdr: false } })).toEqual([true, undefined, 'hvc1.1.6.L120.B0']);
    expect(made('hdr10', { codec: 'h264' })).toEqual([true, undefined, 'avc1.640028']);
  });

  it('gives fast pictures half as many bits again', () => {
    expect(ladder({ frameRate: { num: 60, den: 1 } })[0]).toMatchObject({ bitrate: 12_000_000, codecs: 'avc1.64002A' });
  });

  it('says what the source needs: tone mapping, deinterlacing', () => {
    expect(ladder({ hdr: 'hdr10' })[0]).toMatchObject({ tonemap: true, deinterlace: false });
    expect(ladder({ hdr: 'hlg', interlaced: true })[0]).toMatchObject({ tonemap: true, deinterlace: true });
    expect(ladder({})[0]).toMatchObject({ tonemap: false, deinterlace: false, action: 'transcode', codec: 'h264' });
  });
});

describe('sizes', () => {
  it('are shown with sample aspect and rotation applied', () => {
    expect(displaySize(videoStream({ width: 1440, sar: { num: 4, den: 3 } }))).toEqual({ width: 1920, height: 1080 });
    expect(displaySize(videoStream({ rotation: 270 }))).toEqual({ width: 1080, height: 1920 });
  });

  it('have the rung of the 16:9 picture that holds them', () => {
    expect([rungOf({ width: 1920, height: 800 }), rungOf({ width: 1080, height: 1920 })]).toEqual([1080, 1080]);
    expect(scaledTo({ width: 1920, height: 1080 }, 4000)).toEqual({ width: 1920, height: 1080 });
  });
});

describe('a copied picture', () => {
  it('keeps its own size, rate and codec string, and announces a peak above its average', () => {
    expect(copiedVideo(videoStream(), 6_000_000)).toMatchObject({
      id: 'vcopy',
      action: 'copy',
      width: 1920,
      height: 1080,
      bitrate: 9_000_000,
      codecs: 'avc1.640028',
    });
  });

  it('has a guess of its bits where the file does not say', () => {
    expect(copiedVideo(videoStream(), null)?.bitrate).toBe(12_000_000);
  });

  it('is none in a codec that segments do not carry', () => {
    expect(copiedVideo(videoStream({ codec: 'vc1' }), 1)).toBeNull();
  });

  it('has the bits of the file less its sound where only those are known', () => {
    expect(videoBitrate(DEMO.mpeg2, DEMO.mpeg2.video[0] as VideoStream)).toBe(4_808_000);
    const silent = mediaInfo({ bitrate: null, video: [videoStream({ bitrate: null })] });
    expect(videoBitrate(silent, silent.video[0] as VideoStream)).toBeNull();
  });
});
