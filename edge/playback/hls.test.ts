import { describe, expect, it } from 'vitest';
import { decide } from '../../shared/media/decision.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import { Plan } from '../../shared/media/plan.ts';
import { runsOf } from '../../shared/media/timeline.ts';
import { audioStream, CHROMIUM, DEMO, mediaInfo, TELEVISION } from '../../test/fakes/media-samples.ts';
import { dashManifest } from './dash.ts';
import { masterPlaylist, mediaPlaylist } from './hls.ts';
import { languageTag, trackNames } from './track-names.ts';

const planOf = (media: MediaInfo) =>
  Plan.parse(decide({ media, profile: CHROMIUM, agent: { videoEncoders: ['libx264'] } }));

describe('a master playlist', () => {
  it('of a remux has one variant for each layout of sound, with a group of its languages', () => {
    expect(masterPlaylist(planOf(DEMO.twoLanguages)).split('\n')).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="surround",NAME="English",LANGUAGE="eng",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="6",URI="a1/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="surround",NAME="Version ”française”",LANGUAGE="fra",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="a2/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="stereo",NAME="English",LANGUAGE="eng",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a1-stereo/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="stereo",NAME="Version ”française”",LANGUAGE="fra",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="a2/index.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English",LANGUAGE="eng",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="subtitles/3/index.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=9384000,AVERAGE-BANDWIDTH=6384000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=23.976,VIDEO-RANGE=SDR,AUDIO="surround",SUBTITLES="subtitles"',
      'vcopy/index.m3u8',
      '#EXT-X-STREAM-INF:BANDWIDTH=9384000,AVERAGE-BANDWIDTH=6384000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=23.976,VIDEO-RANGE=SDR,AUDIO="stereo",SUBTITLES="subtitles"',
      'vcopy/index.m3u8',
      '',
    ]);
  });

  it('of a transcode has a variant for each rung', () => {
    const text = masterPlaylist(planOf(DEMO.hevc10));
    expect(text.match(/^v\d+\/index\.m3u8$/gm)).toEqual(['v1080/index.m3u8', 'v720/index.m3u8', 'v480/index.m3u8']);
    expect(text.match(/VIDEO-RANGE=SDR/g)).toHaveLength(3);
  });

  it('of sound alone is a plain variant, and with more tracks a group whose chosen one has no address', () => {
    const song = mediaInfo({ container: 'mka', video: [] });
    expect(masterPlaylist(planOf(song))).toBe(
      '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n' +
        '#EXT-X-STREAM-INF:BANDWIDTH=160000,AVERAGE-BANDWIDTH=160000,CODECS="mp4a.40.2"\na1/index.m3u8\n',
    );
    const two = masterPlaylist(planOf({ ...song, audio: [audioStream(), audioStream({ index: 2, default: false })] }));
    expect(two.match(/URI=/g)).toHaveLength(1);
    expect(two).toContain('NAME="English (2)"');
  });

  it('of a silent film names no sound', () => {
    const text = masterPlaylist(planOf(mediaInfo({ container: 'mkv', audio: [] })));
    expect(text).not.toContain('AUDIO');
    expect(text).toContain('CODECS="avc1.640028"');
  });

  it('announces every codec of its group, the chosen track’s first', () => {
    const audio = [audioStream({ codec: 'opus', profile: null }), audioStream({ index: 2, default: false })];
    expect(masterPlaylist(planOf(mediaInfo({ container: 'mkv', audio })))).toContain(
      'CODECS="avc1.640028,opus,mp4a.40.2"',
    );
  });

  it('survives names that would end a string or a line', () => {
    const title = 'a"b\n#EXT-X-ENDLIST\r\u2028\u0000,URI="http://x"';
    const audio = [audioStream({ title, language: '"><x>' })];
    const text = masterPlaylist(planOf(mediaInfo({ container: 'mkv', audio })));
    expect(text.split('\n')).toHaveLength(7);
    expect(text.match(/"/g)).toHaveLength(12);
    expect(text).not.toContain('LANGUAGE');
  });
});

describe('a media playlist', () => {
  it('is complete from the first answer', () => {
    expect(
      mediaPlaylist({
        runs: [
          [90_090, 2],
          [360_360, 1],
          [18_920, 1],
        ],
      }),
    ).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
        '#EXT-X-TARGETDURATION:4',
        '#EXT-X-MEDIA-SEQUENCE:0',
        '#EXT-X-PLAYLIST-TYPE:VOD',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-MAP:URI="init.mp4"',
        '#EXTINF:1.001000,',
        '0.m4s',
        '#EXTINF:1.001000,',
        '1.m4s',
        '#EXTINF:4.004000,',
        '2.m4s',
        '#EXTINF:0.210222,',
        '3.m4s',
        '#EXT-X-ENDLIST',
        '',
      ].join('\n'),
    );
  });

  it('has lengths that add up to the film over ten hours, to the microsecond', () => {
    const boundaries = Array.from({ length: 9_001 }, (_, k) => Math.round(k * 360_363.7));
    const text = mediaPlaylist({ runs: runsOf(boundaries) });
    const sum = [...text.matchAll(/#EXTINF:([\d.]+),/g)].reduce((total, [, s]) => total + Number(s) * 1e6, 0);
    expect(Math.round(sum)).toBe(Math.round(((boundaries.at(-1) as number) * 1e6) / 90_000));
  });

  it('has a target that no rounded length exceeds', () => {
    const target = (ticks: number) => mediaPlaylist({ runs: [[ticks, 3]] }).match(/TARGETDURATION:(\d+)/)?.[1];
    expect([target(9_000), target(404_999), target(405_000), target(1_000_000)]).toEqual(['1', '4', '5', '11']);
  });

  it('of nothing has no segment', () => {
    expect(mediaPlaylist({ runs: [] })).toContain('#EXT-X-ENDLIST');
  });
});

describe('a DASH manifest', () => {
  const text = dashManifest(planOf(DEMO.twoLanguages), {
    runs: [
      [90_000, 2],
      [360_000, 10],
    ],
  });

  it('puts the same segments on the same boundaries', () => {
    expect(text).toContain('mediaPresentationDuration="PT42.000S"');
    expect(text).toContain('<S t="0" d="90000" r="1"/><S d="360000" r="9"/>');
    expect(text).toContain('media="$RepresentationID$/$Number$.m4s"');
  });

  it('has its elements in the order of the schema (ISO/IEC 23009-1, DASH-MPD.xsd)', () => {
    const order = ['SupplementalProperty', 'Label', 'Role', 'SegmentTemplate', 'Representation'];
    const hdr = decide({
      media: DEMO.hevc10,
      profile: { ...TELEVISION, file: { containers: [], video: [], audio: [] } },
      agent: { videoEncoders: [] },
    });
    const manifests = [text, dashManifest(Plan.parse(hdr), { runs: [[90_000, 2]] })];
    for (const [, inside = ''] of manifests.join('').matchAll(/<AdaptationSet [^>]*>(.*?)<\/AdaptationSet>/gs)) {
      const found = [...inside.matchAll(/<(\w+)[ >]/g)]
        .map(([, name = '']) => order.indexOf(name))
        .filter((at) => at >= 0);
      expect(found).toEqual(found.toSorted((a, b) => a - b));
      expect(inside).toContain('<SegmentTemplate ');
    }
    expect(manifests[1]).toContain('TransferCharacteristics" value="16"');
    for (const manifest of manifests) expect(manifest).not.toMatch(/&(?!amp;|lt;|gt;)/);
  });

  it('has a set for each text track, in windows that are addressed as in HLS, with what it is for', () => {
    const track = { stream: 5, language: 'ger', title: null, forced: false, default: true, sdh: false };
    const subtitles = [
      track,
      { ...track, stream: 6, default: false, sdh: true },
      { ...track, stream: 7, forced: true },
    ];
    const manifest = dashManifest({ video: [], audio: [], subtitles }, { runs: [[90_000, 90]] });
    const sets = [...manifest.matchAll(/<AdaptationSet contentType="text"[^>]*>(.*?)<\/AdaptationSet>/gs)];
    expect(
      sets.map(([, inside]) => [...String(inside).matchAll(/<Role [^>]*value="(.*?)"/g)].map(([, role]) => role)),
    ).toEqual([['main', 'subtitle'], ['caption'], ['forced-subtitle']]);
    expect(sets[0]?.[0]).toContain('mimeType="text/vtt" lang="ger"');
    expect(sets[1]?.[0]).toContain('duration="60" startNumber="0" media="subtitles/$RepresentationID$/$Number$.vtt"');
    expect(sets[1]?.[0]).toContain('<Representation id="6" ');
  });

  it('has one set of pictures and one for each sound track and its layouts', () => {
    expect(text.match(/<AdaptationSet contentType="(?:video|audio)" /g)).toHaveLength(4);
    expect(text.match(/"(?:video|audio)\/mp4"[^>]*>\s*<Label>English<\/Label>/g)).toHaveLength(2);
    expect(text).toContain('<Label>Version ”française”</Label>');
    expect(text).toContain('<Representation id="vcopy" codecs="avc1.640028"');
    expect(text).toContain('lang="fra"');
  });
});

describe('names of tracks', () => {
  it('are never the same twice, and never empty', () => {
    const track = { title: null, language: null, channels: 2 };
    expect(trackNames([track, track, { ...track, title: 'Track 2' }, { ...track, title: ' \n ' }])).toEqual([
      'Track 1',
      'Track 2',
      'Track 2 (2)',
      'Track 4',
    ]);
    expect(new Set(trackNames(Array.from({ length: 64 }, () => ({ ...track, language: 'eng' })))).size).toBe(64);
    expect(trackNames([{ ...track, title: 'x'.repeat(500) }])[0]).toHaveLength(80);
  });

  it.each([
    ['eng', 'eng'],
    ['pt-BR', 'pt-BR'],
    ['und', null],
    ['', null],
    ['english', null],
    ['e"n', null],
    [null, null],
  ])('have the language tag of %s as %s', (language, tag) => {
    expect(languageTag(language)).toBe(tag);
  });
});
