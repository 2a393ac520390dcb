import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { audio, indexed, type Opened, planOf, stage, videoTranscode } from '../agent/playback-stage.ts';
import { sample } from '../agent/samples.ts';
import { openBrowser } from './browser.ts';
import { makeFolder } from './local-server.ts';
import { segmentServer } from './segment-server.ts';

/** The engine as the web app uses it, in a page of its own. */
const ENTRY = `
  import { DirectRoute } from './web/features/player/direct/direct-route.ts';
  import { hlsEngine } from './web/features/player/hls-engine.ts';
  window.begin = (video, answer, events) =>
    hlsEngine(video, answer, 0, events, new DirectRoute(null, { doubtful: false, mayAsk: false, onState() {} }));
`;

/** What the page tells and is told. */
interface Page {
  begin(video: HTMLVideoElement, answer: object, events: object): Promise<{ chooseLevel(index: number): void }>;
  choose(index: number): void;
  ended: Promise<{ at: number; ranges: number[][] }>;
  standing(): void;
}

/** Asked for while the quality is chosen, and there only when the film stands still. */
const SLOW = 4;

it('plays all of a film whose quality is chosen by hand while a segment is on its way', async () => {
  using folder = makeFolder();
  const script = join(folder.path, 'engine.js');
  await build({ stdin: { contents: ENTRY, resolveDir: '.' }, bundle: true, outfile: script, logLevel: 'error' });

  const copy = await indexed(await sample('film.mp4'));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  const low = videoTranscode(picture, 90, { bitrate: 500_000 });
  const plan = planOf([videoTranscode(picture), low], [audio(sound, 'transcode')]);
  await using theatre = await stage();
  const session = await theatre.open(copy, plan);
  const { timeline } = session.answer;
  if (!timeline) throw new Error('no timeline');

  const asked = Promise.withResolvers<void>();
  const standing = Promise.withResolvers<void>();
  const slow: Opened = {
    ...session,
    async segment(rendition, k) {
      if (rendition.startsWith('v')) {
        asked.resolve();
        await standing.promise;
      }
      return session.segment(rendition, k);
    },
  };
  await using server = await segmentServer({
    plan,
    timeline,
    script: pathToFileURL(script),
    owner: (k) => (k === SLOW ? slow : session),
  });
  await using browser = await openBrowser({ width: 400, height: 300 });
  const { page } = browser;
  await page.exposeFunction('standing', standing.resolve);
  await page.goto(server.origin);
  await page.evaluate(
    async (answer) => {
      const video = document.querySelector('video') as HTMLVideoElement;
      const own = window as unknown as Page;
      own.ended = new Promise((resolve, reject) => {
        const events = {
          onReady: () => video.play(),
          onLevels() {},
          onLevel() {},
          onTrouble: (trouble: object) => reject(new Error(JSON.stringify(trouble))),
          onOutage() {},
        };
        video.addEventListener('waiting', () => video.currentTime > 4 && own.standing());
        video.addEventListener('ended', () => {
          const { buffered, currentTime: at } = video;
          const ranges = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
          resolve({ at, ranges });
        });
        own.begin(video, answer, events).then((engine) => {
          own.choose = (index) => engine.chooseLevel(index);
        }, reject);
      });
      await new Promise((resolve) => video.addEventListener('playing', resolve, { once: true }));
    },
    { url: '/master.m3u8', plan },
  );
  await asked.promise;
  // While it stands hls.js throws away all from the middle of the next segment on, here of the third. It is the quality
  // that plays already: its playlist is there, and the segment on its way is asked for again at once.
  await page.evaluate(async () => {
    const video = document.querySelector('video') as HTMLVideoElement;
    while (video.currentTime < 2.1) await new Promise(requestAnimationFrame);
    video.pause();
    (window as unknown as Page).choose(1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    video.playbackRate = 4;
    await video.play();
  });
  const { at, ranges } = await page.evaluate(() => (window as unknown as Page).ended);
  expect(at).toBeGreaterThan(copy.media.durationMs / 1000 - 0.2);
  expect(ranges).toHaveLength(1);
  expect(browser.errors).toEqual([]);
});
