import { expect, it } from 'vitest';
import { segmentCount } from '../../shared/media/timeline.ts';
import { audio, indexed, planOf, range, stage, videoTranscode } from '../agent/playback-stage.ts';
import { sample } from '../agent/samples.ts';
import { openBrowser } from './browser.ts';
import { segmentServer } from './segment-server.ts';

/** The first segment that the other machine makes. */
const JOINT = 4;

it('segments of two machines with other encoder settings are played in a row by hls.js without a stall or a jump', async () => {
  const copy = await indexed(await sample('film.mp4'));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  const plan = planOf([videoTranscode(picture)], [audio(sound, 'transcode')]);
  await using fast = await stage({ preset: 'ultrafast' });
  await using slow = await stage({ preset: 'medium' });
  const a = await fast.open(copy, plan);
  const { timeline } = a.answer;
  if (!timeline) throw new Error('no timeline');
  const b = await slow.open(copy, plan, { timelineHash: timeline.hash });
  const owner = (k: number) => (k < JOINT ? a : b);
  const count = segmentCount(timeline);
  // Made beforehand: a stall on a busy machine must not be the encoder's.
  for (const k of range(0, count)) {
    for (const rendition of ['v180', 'a1']) await owner(k).segment(rendition, k);
  }
  await using server = await segmentServer({
    plan,
    timeline,
    script: new URL('./hls.min.js', import.meta.resolve('hls.js')),
    owner,
  });
  await using browser = await openBrowser({ width: 400, height: 300 });
  await browser.page.goto(server.origin);
  const played = await browser.page.evaluate(
    () =>
      new Promise<{ at: number; ranges: number[][]; waits: number[]; jumps: number; frames: number; faults: string[] }>(
        (resolve) => {
          const video = document.querySelector('video') as HTMLVideoElement;
          const faults: string[] = [];
          let waits: number[] = [];
          let jumps = 0;
          let last = 0;
          // biome-ignore lint/suspicious/noExplicitAny: the page's own script
          const Hls = (window as any).Hls;
          const hls = new Hls({ enableWorker: false });
          hls.on(Hls.Events.ERROR, (_event: string, data: { details: string }) => faults.push(data.details));
          const done = () => {
            const ranges = Array.from({ length: video.buffered.length }, (_, i) => [
              video.buffered.start(i),
              video.buffered.end(i),
            ]);
            const frames = video.getVideoPlaybackQuality().totalVideoFrames;
            resolve({ at: video.currentTime, ranges, waits, jumps, frames, faults });
          };
          video.addEventListener('waiting', () => waits.push(video.currentTime));
          video.addEventListener('seeking', () => jumps++);
          video.addEventListener('ended', done);
          video.addEventListener('error', done);
          video.addEventListener('timeupdate', () => {
            if (video.currentTime < last) jumps++;
            last = video.currentTime;
          });
          hls.on(Hls.Events.BUFFER_EOS, () => {
            waits = [];
            jumps = 0;
            video.playbackRate = 2;
            void video.play();
          });
          hls.loadSource('/master.m3u8');
          hls.attachMedia(video);
        },
      ),
  );
  const seconds = copy.media.durationMs / 1000;
  expect(played.faults).toEqual([]);
  expect(played.ranges).toHaveLength(1);
  expect(played.ranges[0]?.[0]).toBeLessThan(0.05);
  expect(Math.abs((played.ranges[0]?.[1] ?? 0) - seconds)).toBeLessThan(0.1);
  expect(played.at).toBeGreaterThan(seconds - 0.2);
  // A player that begins, and one that has come to the end, waits as well.
  expect(played.waits.filter((at) => at > 0.1 && at < seconds - 0.5)).toEqual([]);
  expect(played.jumps).toBe(0);
  expect(server.asked.filter((name) => name.startsWith('v180/'))).toEqual(range(0, count).map((k) => `v180/${k}`));
  expect(browser.errors).toEqual([]);
});
