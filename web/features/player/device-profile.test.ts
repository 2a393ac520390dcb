import { describe, expect, it } from 'vitest';
import { DeviceProfile } from '../../../shared/media/device-profile.ts';
import { deviceProfile, type Supports, withoutFiles } from './device-profile.ts';

const browser = (yes: (mime: string) => boolean, hdrScreen = false): Supports => ({
  file: yes,
  segment: yes,
  hdrScreen,
});

describe('a device profile', () => {
  it('holds the highest H.264 level that the browser admits, in ffprobe’s numbers', () => {
    const upTo51 = browser((mime) => {
      const level = /avc1\.6400([0-9a-f]{2})/.exec(mime)?.[1];
      return level !== undefined && Number.parseInt(level, 16) <= 51;
    });
    expect(deviceProfile(upTo51, 'test').segments.video).toEqual([
      { codec: 'h264', maxLevel: 51, maxBitDepth: 8, hdr: false },
    ]);
  });

  it('admits ten bits only by the ten-bit profile’s own answer', () => {
    const mainOnly = browser((mime) => mime.includes('hvc1.1.6.'));
    const main10 = browser((mime) => mime.includes('hvc1.'));
    expect(deviceProfile(mainOnly, 'test').file.video[0]?.maxBitDepth).toBe(8);
    expect(deviceProfile(main10, 'test').file.video[0]).toEqual({
      codec: 'hevc',
      maxLevel: 186,
      maxBitDepth: 10,
      hdr: false,
    });
  });

  it('promises HDR only with ten bits and a screen for it', () => {
    expect(
      deviceProfile(
        browser(() => true, true),
        'test',
      ).file.video.every((video) => video.hdr),
    ).toBe(true);
    expect(
      deviceProfile(
        browser((mime) => !mime.includes('hvc1.2'), true),
        'test',
      ).file.video[1]?.hdr,
    ).toBe(false);
  });

  it('keeps what whole files may hold apart from what segments may', () => {
    const profile = deviceProfile(
      {
        file: (mime) => mime.includes('webm') || mime.includes('vp09') || mime.includes('opus'),
        segment: (mime) => mime.includes('avc1') || mime.includes('mp4a.40.2'),
        hdrScreen: false,
      },
      'test',
    );
    expect(profile.file.containers).toEqual(['webm']);
    expect(profile.file.audio).toEqual([{ codec: 'opus', maxChannels: 8 }]);
    expect(profile.segments.video.map((video) => video.codec)).toEqual(['h264']);
    expect(profile.segments.audio).toEqual([{ codec: 'aac', maxChannels: 8 }]);
  });

  it('of a browser that plays nothing is empty, and still one that the server accepts', () => {
    const profile = deviceProfile(
      browser(() => false),
      'x'.repeat(300),
    );
    expect(profile.file).toEqual({ containers: [], video: [], audio: [] });
    expect(DeviceProfile.parse(profile).name).toHaveLength(100);
  });

  it('can leave whole files out after one has failed', () => {
    const profile = deviceProfile(
      browser(() => true),
      'test',
    );
    expect(withoutFiles(profile).file.containers).toEqual([]);
    expect(withoutFiles(profile).segments).toBe(profile.segments);
  });
});
