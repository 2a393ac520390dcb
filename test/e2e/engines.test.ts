import { expect, it } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import type { Plan } from '../../shared/media/plan.ts';
import { audio, indexed, planOf, stage, videoTranscode } from '../agent/playback-stage.ts';
import { sample } from '../agent/samples.ts';
import { openBrowser } from './browser.ts';
import { segmentServer } from './segment-server.ts';

/**
 * Each player, and what it takes to begin; `fail` is called with whatever it calls an error, `done` at the end where the
 * video element alone does not tell it. `layouts()` tells which sound tracks it offers, as language and channels.
 */
const PLAYERS = [
  [
    'hls.js',
    'HLS',
    new URL('./hls.min.js', import.meta.resolve('hls.js')),
    `const hls = new Hls({ enableWorker: false });
     hls.on(Hls.Events.ERROR, (_, data) => data.fatal && fail(data.details));
     hls.loadSource('/master.m3u8');
     hls.attachMedia(video);
     window.levels = () => hls.levels.length;
     window.layouts = () => hls.audioTracks.map((track) => track.lang + ' ' + track.channels);`,
  ],
  ...(['master.m3u8', 'manifest.mpd'] as const).map(
    (manifest) =>
      [
        'shaka-player',
        manifest.endsWith('mpd') ? 'DASH' : 'HLS',
        new URL(import.meta.resolve('shaka-player')),
        `const player = new shaka.Player();
         player.addEventListener('error', ({ detail }) => fail('shaka ' + detail.code));
         player.attach(video).then(() => player.load('/${manifest}')).catch((error) => fail('shaka ' + error.code));
         window.layouts = () => player.getVariantTracks().map((track) => track.language + ' ' + track.channelsCount);`,
      ] as const,
  ),
  [
    'dash.js',
    'DASH',
    new URL('../umd/dash.all.min.js', import.meta.resolve('dashjs')),
    `const player = dashjs.MediaPlayer().create();
     player.on('error', ({ error }) => fail(error.message));
     // It stops a film itself where the manifest ends, some milliseconds before the last sound would.
     player.on('playbackEnded', done);
     player.initialize(video, '/manifest.mpd', false);
     window.layouts = () => player.getTracksFor('audio').map((track) => track.lang + ' ' +
       (track.audioChannelConfiguration[0].value ?? track.audioChannelConfiguration[0]));`,
  ],
] as const;

interface Played {
  at: number;
  ranges: number[][];
  duration: number;
  faults: string[];
  levels: number | null;
  layouts: string[];
}

/** How long a film may stand still, in ms, before whoever plays it says where and why, and not only that time is up. */
const STANDSTILL = 120_000;

/** Plays a film to its end at four times its speed. */
async function play(copy: IndexedCopy, plan: Plan, script: URL, begin: string): Promise<Played & { errors: string[] }> {
  await using theatre = await stage({
    preset: 'ultrafast',
    capabilities: { transcodeSlots: 2, videoEncoders: ['libx264', 'libsvtav1'] },
  });
  const session = await theatre.open(copy, plan);
  const { timeline } = session.answer;
  if (!timeline) throw new Error('no timeline');
  await using server = await segmentServer({ plan, timeline, script, owner: () => session });
  await using browser = await openBrowser({ width: 400, height: 300 });
  await browser.page.goto(server.origin);
  const played = await browser.page.evaluate(
    ({ source, standstill }) =>
      new Promise<Played>((resolve) => {
        const video = document.querySelector('video') as HTMLVideoElement;
        const faults: string[] = [];
        const done = () => {
          const { buffered, currentTime, duration } = video;
          const ranges = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
          const { levels, layouts } = window as unknown as { levels?: () => number; layouts?: () => string[] };
          const offered = { levels: levels?.() ?? null, layouts: layouts?.() ?? [] };
          resolve({ at: currentTime, ranges, duration, faults, ...offered });
        };
        const fail = (fault: string) => {
          faults.push(fault);
          done();
        };
        let moved = { to: -1, when: performance.now() };
        setInterval(() => {
          const { currentTime: to, readyState, paused, seeking } = video;
          if (to !== moved.to) moved = { to, when: performance.now() };
          else if (performance.now() - moved.when > standstill) {
            fail(`stands still: ${JSON.stringify({ to, readyState, paused, seeking })}`);
          }
        }, 1000);
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
        new Function('video', 'fail', 'done', source)(video, fail, done);
      }),
    { source: begin, standstill: STANDSTILL },
  );
  return { ...played, errors: browser.errors };
}

function expectWhole(played: Awaited<ReturnType<typeof play>>, copy: IndexedCopy): void {
  const seconds = copy.media.durationMs / 1000;
  expect(played.faults).toEqual([]);
  expect(Math.abs(played.duration - seconds)).toBeLessThan(0.1);
  expect(played.at).toBeGreaterThan(seconds - 0.2);
  expect(played.ranges).toHaveLength(1);
  expect(played.errors).toEqual([]);
}

it.each(PLAYERS)('%s plays the same segments by %s to the end, in one piece', async (_name, _kind, script, begin) => {
  const copy = await indexed(await sample('film.mp4'));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  const plan = planOf(
    [videoTranscode(picture), videoTranscode(picture, 90, { bitrate: 500_000 })],
    [audio(sound, 'transcode')],
  );
  expectWhole(await play(copy, plan, script, begin), copy);
});

it.each(PLAYERS)(
  '%s plays AV1 by %s, and offers each language in surround and in stereo',
  async (name, _kind, script, begin) => {
    const copy = await indexed(await sample('surround.mkv'));
    const [picture] = copy.media.video;
    const [english, french] = copy.media.audio;
    if (!picture || !english || !french) throw new Error('not a film in two languages');
    const av1 = videoTranscode(picture, 180, { id: 'v180-av1', codec: 'av1', codecs: 'av01.0.01M.08' });
    const surround = { ...audio(english, 'transcode'), channels: 6, bitrate: 384_000, language: 'eng' };
    const stereo = { ...surround, id: 'a1-stereo', channels: 2, bitrate: 160_000, default: false };
    const other = { ...audio(french, 'transcode', 'a2'), language: 'fra', default: false };
    const played = await play(copy, planOf([av1], [surround, stereo, other]), script, begin);
    expectWhole(played, copy);
    const offered = new Set(played.layouts.map((each) => each.replace('eng', 'en').replace('fra', 'fr')));
    expect(offered).toEqual(new Set(['en 6', 'en 2', 'fr 2']));
    // Two layouts of sound are one choice of quality.
    if (name === 'hls.js') expect(played.levels).toBe(1);
  },
);

it('hls.js goes up and down between renditions with every segment, in one piece', async () => {
  const copy = await indexed(await sample('film.mp4'));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  const plan = planOf(
    [videoTranscode(picture), videoTranscode(picture, 90, { bitrate: 500_000 })],
    [audio(sound, 'transcode')],
  );
  const [, , script, begin] = PLAYERS[0];
  // As its own choice by bandwidth does it: the next segment comes from the other, and nothing is thrown away.
  const switching = `${begin}
    const levels = [];
    hls.on(Hls.Events.FRAG_LOADED, (_, { frag }) => {
      if (frag.type === 'main') hls.loadLevel = 1 - frag.level;
    });
    hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag }) => {
      if (frag.type === 'main') levels[frag.sn] = frag.level;
    });
    window.layouts = () => levels.map(String);`;
  const played = await play(copy, plan, script, switching);
  expectWhole(played, copy);
  const [first, ...rest] = played.layouts.map(Number);
  expect(rest.length).toBeGreaterThan(3);
  expect(rest).toEqual(rest.map((_, i) => (i % 2 === 0 ? 1 - (first ?? 0) : first)));
});
