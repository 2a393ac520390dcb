import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { AgentFailure } from '../../agent/link/handlers.ts';
import { decide } from '../../shared/media/decision.ts';
import { DeviceProfile } from '../../shared/media/device-profile.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Plan } from '../../shared/media/plan.ts';
import { withoutFiles } from '../../web/features/player/device-profile.ts';
import { MATRIX, matrixCopy, SHOWN } from '../agent/matrix-samples.ts';
import { type Opened, type Stage, stage } from '../agent/playback-stage.ts';
import { CHROMIUM_156 } from '../fakes/media-samples.ts';
import { openBrowser } from './browser.ts';
import { segmentServer } from './segment-server.ts';

/** Films that are watched at once: most of the time one waits for the browser's clock. */
const AT_ONCE = 3;
const HLS = new URL('./hls.min.js', import.meta.resolve('hls.js'));

/** Of those that do not reach Chromium as they are: each way of a picture and of a sound once. */
const CONVERTED = [
  ...['h264-pcm.mov', 'h264-ac3-5.1.mkv', 'hdr10.mkv', 'vp8-vorbis.webm', 'h264-interlaced.ts', 'h264-ac3.m2ts'],
  ...['anamorphic.mpg', 'wmv2-wma.wmv', 'h264-aac.flv', 'late-clock.mkv', 'late-sound.ts', 'rotated.mp4'],
];
/** Chromium promises these, and ends them with an error where somebody seeks; the player then plays them converted. */
const FAILS_AS_FILE: readonly string[] = ['open-gop.mkv'];

/** The web player's own questions to the browser, as a script that leaves the answer in `window.profile`. */
async function questions(): Promise<string> {
  const contents = `import { browserSupports } from './browser-supports.ts';
    import { deviceProfile } from './device-profile.ts';
    window.profile = deviceProfile(browserSupports(), 'Chromium');`;
  const resolveDir = new URL('../../web/features/player', import.meta.url).pathname;
  const built = await build({ stdin: { contents, resolveDir }, bundle: true, write: false, format: 'iife' });
  return built.outputFiles[0]?.text ?? '';
}

function planFor(media: MediaInfo, profile: DeviceProfile, keyframesUnknown = false): Plan {
  const plan = decide({ media, profile, agent: { videoEncoders: ['libx264'] }, keyframesUnknown });
  if (plan.mode === 'none') throw new Error(plan.detail);
  return plan;
}

interface Seen {
  faults: string[];
  at: number;
  duration: number;
  sound: number;
}

/** Looks whether the picture is white at these moments, and plays the last half second. */
function watch([begin, moments]: readonly [string, readonly (readonly [number, boolean])[]]): Promise<Seen> {
  return new Promise((resolve) => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const canvas = new OffscreenCanvas(16, 9).getContext('2d') as OffscreenCanvasRenderingContext2D;
    const faults: string[] = [];
    let next = 0;
    const done = () => {
      const { currentTime: at, duration } = video;
      const sound = (video as unknown as { webkitAudioDecodedByteCount: number }).webkitAudioDecodedByteCount;
      resolve({ faults, at, duration, sound });
    };
    const fail = (fault: string) => {
      faults.push(fault);
      done();
    };
    const isWhite = () => {
      canvas.drawImage(video, 0, 0, 16, 9);
      const { data } = canvas.getImageData(0, 0, 16, 9);
      // A flash lies at 255, the film itself below 85; the green of a picture is most of its light.
      return data.reduce((sum, value, i) => sum + (i % 4 === 1 ? value : 0), 0) > 150 * 16 * 9;
    };
    const look = (until: number) => {
      const moment = moments[next];
      if (!moment) return void video.play();
      // What a busy browser draws may be the picture of before for a while.
      if (isWhite() !== moment[1] && performance.now() < until) return void setTimeout(() => look(until), 20);
      if (isWhite() !== moment[1]) return fail(`${moment[1] ? 'dark' : 'white'} at ${moment[0]}`);
      video.currentTime = moments[++next]?.[0] ?? video.duration - 0.5;
    };
    video.addEventListener('error', () => fail(video.error?.message ?? 'error'));
    video.addEventListener('ended', done);
    video.addEventListener('seeked', () => look(performance.now() + 10_000));
    video.addEventListener('loadedmetadata', () => {
      video.currentTime = moments[0]?.[0] ?? 0;
    });
    new Function('video', 'fail', begin)(video, fail);
  });
}

const AS_FILE = `video.src = '/file';`;
const AS_SEGMENTS = `const hls = new Hls({ enableWorker: false });
  hls.on(Hls.Events.ERROR, (_, data) => data.fatal && fail(data.details));
  hls.loadSource('/master.m3u8');
  hls.attachMedia(video);`;

/** As the edge does it: what cannot be cut is planned again. */
async function begun(
  copy: IndexedCopy,
  profile: DeviceProfile,
  theatre: Stage,
): Promise<{ plan: Plan; session: Opened }> {
  const plan = planFor(copy.media, profile);
  try {
    return { plan, session: await theatre.open(copy, plan) };
  } catch (error) {
    if (!(error instanceof AgentFailure) || error.message !== 'keyframes-unknown') throw error;
    const encoded = planFor(copy.media, profile, true);
    return { plan: encoded, session: await theatre.open(copy, encoded) };
  }
}

async function expectSeen(name: string, profile: DeviceProfile, theatre: Stage, page: Page): Promise<void> {
  const copy = await matrixCopy(name);
  const seconds = copy.media.durationMs / 1000;
  const { plan, session } = await begun(copy, profile, theatre);
  const { timeline } = session.answer;
  await using server = await segmentServer({ plan, timeline, script: HLS, owner: () => session });
  await page.goto(server.origin);
  // The last flash first: whoever seeks there sees what lies there.
  const [first, last] = SHOWN[name]?.flashes ?? [0, Math.round(seconds)];
  const at = [last - 0.9, last - 0.4, first + 0.1, first + 0.6];
  const moments = at.map((moment, i) => [moment, i % 2 === 0] as const);
  const seen = await page.evaluate(watch, [plan.mode === 'direct' ? AS_FILE : AS_SEGMENTS, moments] as const);
  expect(seen.faults.join()).toBe('');
  expect(Math.abs(seen.duration - seconds), `${seen.duration} s of ${seconds}`).toBeLessThan(0.1);
  expect(seen.at, 'its end').toBeGreaterThan(seconds - 0.2);
  if (copy.media.audio.length > 0) expect(seen.sound, 'bytes of sound').toBeGreaterThan(0);
  theatre.playback.close({ session: session.id, generation: 1 });
}

it('Chromium plays what it promises to play, and what is made for it of the rest, and shows each flash', async () => {
  await using browser = await openBrowser({ width: 400, height: 300 });
  await browser.page.addScriptTag({ content: await questions() });
  const profile = DeviceProfile.parse(await browser.page.evaluate('window.profile'));
  const files: string[] = [];
  for (const name of MATRIX) {
    const { media } = await matrixCopy(name);
    const { mode } = planFor(media, profile);
    // The table in docs/media.md says the truth about this browser.
    expect([name, mode]).toEqual([name, planFor(media, CHROMIUM_156).mode]);
    if (mode === 'direct') files.push(name);
  }
  const capabilities = { transcodeSlots: 1000, videoEncoders: ['libx264'] };
  await using theatre = await stage({ preset: 'ultrafast', capabilities });
  const left = [...CONVERTED, ...files];
  const faults: string[] = [];
  const viewer = async () => {
    const page = await browser.context.newPage();
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const takes = FAILS_AS_FILE.includes(name) ? withoutFiles(profile) : profile;
      await expectSeen(name, takes, theatre, page).catch((error: Error) => faults.push(`${name}: ${error.message}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, viewer));
  expect(faults).toEqual([]);
});
