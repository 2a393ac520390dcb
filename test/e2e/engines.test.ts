import { expect, it } from 'vitest';
import { audio, indexed, planOf, stage, videoTranscode } from '../agent/playback-stage.ts';
import { sample } from '../agent/samples.ts';
import { openBrowser } from './browser.ts';
import { segmentServer } from './segment-server.ts';

/** Each player, and what it takes to begin; `fail` is called with whatever it calls an error. */
const PLAYERS = [
  [
    'hls.js',
    'HLS',
    new URL('./hls.min.js', import.meta.resolve('hls.js')),
    `const hls = new Hls({ enableWorker: false });
     hls.on(Hls.Events.ERROR, (_, data) => data.fatal && fail(data.details));
     hls.loadSource('/master.m3u8');
     hls.attachMedia(video);`,
  ],
  ...(['master.m3u8', 'manifest.mpd'] as const).map(
    (manifest) =>
      [
        'shaka-player',
        manifest.endsWith('mpd') ? 'DASH' : 'HLS',
        new URL(import.meta.resolve('shaka-player')),
        `const player = new shaka.Player();
         player.addEventListener('error', ({ detail }) => fail('shaka ' + detail.code));
         player.attach(video).then(() => player.load('/${manifest}')).catch((error) => fail('shaka ' + error.code));`,
      ] as const,
  ),
  [
    'dash.js',
    'DASH',
    new URL('../umd/dash.all.min.js', import.meta.resolve('dashjs')),
    `const player = dashjs.MediaPlayer().create();
     player.on('error', ({ error }) => fail(error.message));
     player.initialize(video, '/manifest.mpd', false);`,
  ],
] as const;

it.each(PLAYERS)('%s plays the same segments by %s to the end, in one piece', async (_name, _kind, script, begin) => {
  const copy = await indexed(await sample('film.mp4'));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  const plan = planOf(
    [videoTranscode(picture), videoTranscode(picture, 90, { bitrate: 500_000 })],
    [audio(sound, 'transcode')],
  );
  await using theatre = await stage({ preset: 'ultrafast' });
  const session = await theatre.open(copy, plan);
  const { timeline } = session.answer;
  if (!timeline) throw new Error('no timeline');
  await using server = await segmentServer({ plan, timeline, script, owner: () => session });
  await using browser = await openBrowser({ width: 400, height: 300 });
  await browser.page.goto(server.origin);
  const played = await browser.page.evaluate(
    (source) =>
      new Promise<{ at: number; ranges: number[][]; duration: number; faults: string[] }>((resolve) => {
        const video = document.querySelector('video') as HTMLVideoElement;
        const faults: string[] = [];
        const done = () => {
          const { buffered, currentTime, duration } = video;
          const ranges = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
          resolve({ at: currentTime, ranges, duration, faults });
        };
        const fail = (fault: string) => {
          faults.push(fault);
          done();
        };
        video.addEventListener('ended', done);
        video.addEventListener('error', done);
        video.addEventListener(
          'canplay',
          () => {
            video.playbackRate = 4;
            void video.play();
          },
          { once: true },
        );
        // shaka-player sets its own.
        video.addEventListener('playing', () => {
          if (video.playbackRate !== 4) video.playbackRate = 4;
        });
        new Function('video', 'fail', source)(video, fail);
      }),
    begin,
  );
  const seconds = copy.media.durationMs / 1000;
  expect(played.faults).toEqual([]);
  expect(Math.abs(played.duration - seconds)).toBeLessThan(0.1);
  expect(played.at).toBeGreaterThan(seconds - 0.2);
  expect(played.ranges).toHaveLength(1);
  expect(browser.errors).toEqual([]);
});
