import { expect, it } from 'vitest';
import { audio, indexed, planOf, stage, videoTranscode } from '../agent/playback-stage.ts';
import { sample } from '../agent/samples.ts';
import { openBrowser } from './browser.ts';
import { segmentServer } from './segment-server.ts';

/** Each player, told to show the only subtitles. */
const PLAYERS = [
  [
    'hls.js',
    new URL('./hls.min.js', import.meta.resolve('hls.js')),
    `const hls = new Hls({ enableWorker: false });
     hls.on(Hls.Events.ERROR, (_, data) => data.fatal && fail(data.details));
     hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => { hls.subtitleDisplay = true; hls.subtitleTrack = 0; });
     hls.loadSource('/master.m3u8');
     hls.attachMedia(video);`,
  ],
  [
    'shaka-player',
    new URL(import.meta.resolve('shaka-player')),
    `const player = new shaka.Player();
     player.addEventListener('error', ({ detail }) => fail('shaka ' + detail.code));
     player.attach(video).then(() => player.load('/master.m3u8')).then(() => {
       const [track] = player.getTextTracks();
       player.selectTextTrack(track);
     }).catch((error) => fail('shaka ' + error.code));`,
  ],
] as const;

it.each(PLAYERS)(
  '%s shows subtitles by windows at the film’s times, whatever the file’s clock',
  async (_, script, begin) => {
    const found = await indexed(await sample('late.mkv'));
    // Matroska counts a film's length from its clock's 0.
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
    /** Cues that the player has given to the element, to a tenth of a second. */
    const cuesBy = (text: string) =>
      browser.page.waitForFunction(
        (wanted) => {
          const video = document.querySelector('video') as HTMLVideoElement;
          const cues = [...video.textTracks].flatMap((one) => [...((one.cues ?? []) as unknown as VTTCue[])]);
          const found = cues.filter((cue) => cue.text.includes(wanted));
          return (
            found.length > 0 && found.map((cue) => [cue.startTime, cue.endTime].map((at) => Math.round(at * 10) / 10))
          );
        },
        text,
        { timeout: 60_000 },
      );
    expect(await (await cuesBy('one')).jsonValue()).toEqual([[1, 2.5]]);
    await browser.page.evaluate(() => {
      (document.querySelector('video') as HTMLVideoElement).currentTime = 68;
    });
    expect(await (await cuesBy('two')).jsonValue()).toEqual([[70, 71]]);
    // It lies in both windows and is one.
    expect(await (await cuesBy('over the edge')).jsonValue()).toEqual([[55, 65]]);
    expect(await browser.page.evaluate(() => (window as unknown as { faults: string[] }).faults)).toEqual([]);
  },
);
