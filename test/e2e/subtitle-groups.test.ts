import { expect, it } from 'vitest';
import { audio, indexed, planOf, stage, videoTranscode } from '../agent/playback-stage.ts';
import { sample } from '../agent/samples.ts';
import { openBrowser } from './browser.ts';
import { segmentServer } from './segment-server.ts';

/** Each player, told to show the only subtitles. */
const PLAYERS = [
  [
    'hls.js',
    'master.m3u8',
    new URL('./hls.min.js', import.meta.resolve('hls.js')),
    `const hls = new Hls({ enableWorker: false });
     hls.on(Hls.Events.ERROR, (_, data) => data.fatal && fail(data.details));
     hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => { hls.subtitleDisplay = true; hls.subtitleTrack = 0; });
     hls.loadSource('/master.m3u8');
     hls.attachMedia(video);`,
  ],
  ...(['master.m3u8', 'manifest.mpd'] as const).map(
    (manifest) =>
      [
        'shaka-player',
        manifest,
        new URL(import.meta.resolve('shaka-player')),
        `const player = new shaka.Player();
         player.addEventListener('error', ({ detail }) => fail('shaka ' + detail.code));
         player.attach(video).then(() => player.load('/${manifest}')).then(() => {
           const [track] = player.getTextTracks();
           player.selectTextTrack(track);
         }).catch((error) => fail('shaka ' + error.code));`,
      ] as const,
  ),
  [
    'dash.js',
    'manifest.mpd',
    new URL('../umd/dash.all.min.js', import.meta.resolve('dashjs')),
    `const player = dashjs.MediaPlayer().create();
     player.on('error', ({ error }) => fail(error.message));
     player.on('allTextTracksAdded', () => player.setTextTrack(0));
     player.initialize(video, '/manifest.mpd', false);`,
  ],
] as const;

it.each(PLAYERS)(
  '%s shows subtitles of %s by windows at the film’s times, whatever the file’s clock',
  async (_name, _manifest, script, begin) => {
    const found = await indexed(await sample('late.mkv'));
    // What the container calls its length counts from where its clock begins; a scan corrects that.
    const copy = { ...found, media: { ...found.media, durationMs: found.media.durationMs - 30_000 } };
    expect(copy.media.startTime).toBeGreaterThan(29);
    const [picture] = copy.media.video;
    const [sound] = copy.media.audio;
    const [track] = copy.media.subtitles;
    if (!picture || !sound || !track) throw new Error('not a film');
    const subtitle = { stream: track.index, language: 'en', title: null, forced: false, default: true, sdh: false };
    const plan = { ...planOf([videoTranscode(picture, 90)], [audio(sound, 'transcode')]), subtitles: [subtitle] };
    await using theatre = await stage({ preset: 'ultrafast' });
    const session = await theatre.open(copy, plan);
    const { timeline } = session.answer;
    if (!timeline) throw new Error('no timeline');
    await using server = await segmentServer({ plan, timeline, script, owner: () => session });
    await using browser = await openBrowser({ width: 400, height: 300 });
    await browser.page.goto(server.origin);
    await browser.page.evaluate((source) => {
      const video = document.querySelector('video') as HTMLVideoElement;
      const faults: string[] = [];
      Object.assign(window, { faults });
      new Function('video', 'fail', source)(video, (fault: string) => faults.push(fault));
    }, begin);
    /** When the cues with a text stand that are there at a second of the film, to a tenth of a second. */
    const cuesAt = async (second: number, text: string) => {
      const found = await browser.page.waitForFunction(
        ([at, wanted]) => {
          const video = document.querySelector('video') as HTMLVideoElement;
          const own = window as unknown as { sought?: number };
          // A player that has only begun goes back to where it was. dash.js gives its track only the cues near there, and
          // those that come later with the next seek alone where the film stands.
          const away = Math.abs(video.currentTime - at) > 0.1;
          if (!video.seeking && (away || performance.now() - (own.sought ?? 0) > 5000)) {
            own.sought = performance.now();
            video.currentTime = at;
          }
          const cues = [...video.textTracks].flatMap((one) => [...((one.cues ?? []) as unknown as VTTCue[])]);
          const found = cues.filter((cue) => cue.text.includes(wanted));
          return (
            found.length > 0 && found.map((cue) => [cue.startTime, cue.endTime].map((at) => Math.round(at * 10) / 10))
          );
        },
        [second, text] as const,
        { timeout: 60_000, polling: 200 },
      );
      return found.jsonValue();
    };
    await browser.page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) > 0);
    // The second window first: what stands over its edge comes with it and with the first, and is one.
    expect(await cuesAt(70.5, 'two')).toEqual([[70, 71]]);
    expect(await cuesAt(57, 'over the edge')).toEqual([[55, 65]]);
    expect(await cuesAt(1.5, 'one')).toEqual([[1, 2.5]]);
    expect(await cuesAt(57, 'over the edge')).toEqual([[55, 65]]);
    expect(await browser.page.evaluate(() => (window as unknown as { faults: string[] }).faults)).toEqual([]);
  },
);
