import { parse, setOptions, types } from 'hls-parser';
import { describe, expect, it } from 'vitest';
import type { SubtitleTrack, VideoRendition } from '../../shared/media/plan.ts';
import { masterPlaylist } from './hls.ts';
import { subtitleLines, subtitlePlaylist } from './hls-subtitles.ts';

setOptions({ strictMode: true });

const track = (stream: number, change: Partial<SubtitleTrack> = {}): SubtitleTrack => ({
  ...{ stream, language: 'eng', title: null, forced: false, default: false, sdh: false },
  ...change,
});

describe('the subtitle group', () => {
  const tracks = [
    track(3, { default: true }),
    track(4, { forced: true, default: true, title: 'Signs "only"' }),
    track(5, { sdh: true }),
    track(1000, { language: 'nonsense!' }),
  ];

  it('says language, name, what is forced, and what is for the deaf', () => {
    const [plain, forced, sdh, unknown] = subtitleLines(tracks);
    expect(plain).toBe(
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English",LANGUAGE="eng",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="subtitles/3/index.m3u8"',
    );
    expect(forced).toContain('NAME="Signs ”only”",LANGUAGE="eng",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES');
    expect(sdh).toContain('NAME="English (2)"');
    expect(sdh).toContain('CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog');
    expect(unknown).not.toContain('LANGUAGE');
    expect(subtitleLines([])).toEqual([]);
  });

  it('is read by a strict parser of RFC 8216', () => {
    const video: VideoRendition = {
      ...{ id: 'v1', stream: 0, action: 'copy', codec: 'h264', width: 640, height: 360, bitrate: 1_000_000 },
      ...{ frameRate: { num: 25, den: 1 }, codecs: 'avc1.64001e', tonemap: false, deinterlace: false },
    };
    const master = parse(masterPlaylist({ video: [video], audio: [], subtitles: tracks }));
    if (!(master instanceof types.MasterPlaylist)) throw new Error('not a master playlist');
    const found = master.variants[0]?.subtitles ?? [];
    expect(found.map(({ uri, isDefault, forced }) => [uri, isDefault, forced])).toEqual([
      ['subtitles/3/index.m3u8', true, false],
      ['subtitles/4/index.m3u8', false, true],
      ['subtitles/5/index.m3u8', false, false],
      ['subtitles/1000/index.m3u8', false, false],
    ]);
  });
});

it('a track’s playlist has a window for each minute, and ends with the film', () => {
  const playlist = parse(subtitlePlaylist({ runs: [[360_000, 31]] }));
  if (!(playlist instanceof types.MediaPlaylist)) throw new Error('not a media playlist');
  expect(playlist.segments.map(({ uri, duration }) => [uri, duration])).toEqual([
    ['0.vtt', 60],
    ['1.vtt', 60],
    ['2.vtt', 4],
  ]);
  expect([playlist.targetDuration, playlist.endlist]).toEqual([60, true]);
});
