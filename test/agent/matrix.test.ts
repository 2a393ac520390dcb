import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { AgentFailure } from '../../agent/link/handlers.ts';
import { type DecisionInput, decide } from '../../shared/media/decision.ts';
import type { DeviceProfile } from '../../shared/media/device-profile.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Plan } from '../../shared/media/plan.ts';
import { segmentCount } from '../../shared/media/timeline.ts';
import { CHROMIUM_156, TELEVISION } from '../fakes/media-samples.ts';
import { MATRIX, matrixCopy, SHOWN } from './matrix-samples.ts';
import { execute, range, samplesOf, stage } from './playback-stage.ts';

const theatre = await stage({
  capabilities: { transcodeSlots: 1000, videoEncoders: ['libx264'] },
});
afterAll(() => theatre[Symbol.asyncDispose]());

const FILES_OF_NONE: DeviceProfile['file'] = { containers: [], video: [], audio: [] };

/** Takes every codec that MP4 segments carry, so that as much as possible is copied. */
const GREEDY: DeviceProfile = {
  name: 'Takes all',
  file: FILES_OF_NONE,
  segments: {
    containers: ['mp4'],
    video: (['h264', 'hevc', 'av1', 'vp9'] as const).map((codec) => ({ codec, maxBitDepth: 10, hdr: true })),
    audio: (['aac', 'mp3', 'opus', 'flac', 'ac3', 'eac3'] as const).map((codec) => ({ codec, maxChannels: 8 })),
  },
};

/** Takes H.264 and stereo, so that nearly everything is transcoded. */
const MODEST: DeviceProfile = {
  name: 'Takes little',
  file: FILES_OF_NONE,
  segments: {
    containers: ['mp4'],
    video: [{ codec: 'h264', maxBitDepth: 8, hdr: false }],
    audio: [{ codec: 'aac', maxChannels: 2 }],
  },
};

function planFor(media: MediaInfo, input: Pick<DecisionInput, 'profile' | 'keyframesUnknown'>): Plan {
  const plan = decide({ media, agent: { videoEncoders: ['libx264'] }, ...input });
  if (plan.mode === 'none') throw new Error(plan.detail);
  return plan;
}

/** What a player would show and let hear: light of each picture, where beeps begin, and every complaint. */
async function watched(video: string, sound: string | null) {
  const light = '[0:v]signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-[v]';
  const beeps = '[1:a]silencedetect=n=-30dB:d=0.3[a]';
  const { stdout, stderr } = await execute('ffmpeg', [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+info', '-copyts', '-i', video],
    ...(sound ? ['-i', sound, '-filter_complex', `${light};${beeps}`, '-map', '[v]', '-map', '[a]'] : []),
    ...(sound ? [] : ['-filter_complex', light, '-map', '[v]']),
    ...['-f', 'null', '-'],
  ]);
  const pictures = [...stdout.matchAll(/pts_time:(\S+)\s+lavfi\.signalstats\.YAVG=(\S+)/g)];
  return {
    pictures: pictures.map(([, at, level]) => ({ at: Number(at), light: Number(level) })),
    beeps: [...stderr.matchAll(/silence_end: (\S+)/g)].map(([, at]) => Number(at)),
    size: /Stream #0:0.*?(\d{2,5}x\d{2,5})/.exec(stderr)?.[1],
    // What the null output says is about its own coarse clock.
    complaints: stderr.split('\n').filter((line) => /\[(error|fatal|panic)\]/.test(line) && !line.includes('[null @')),
  };
}

/** Where flashes begin. ffmpeg delays all pictures by its own need to reorder them: the first one tells by how much. */
function flashes(pictures: readonly { at: number; light: number }[], first: number): number[] {
  const levels = pictures.map(({ light }) => light);
  const half = (Math.max(...levels) + Math.min(...levels)) / 2;
  const delay = (pictures[0]?.at ?? 0) - first;
  return pictures.filter(({ light }, i) => light > half && !((levels[i - 1] ?? 0) > half)).map(({ at }) => at - delay);
}

/** Two pictures of the slowest sample's grid, and what MP3 and WMA delay without saying so. */
const OFF_SECONDS = 0.08;

async function expectPlays(name: string, copy: IndexedCopy, plan: Plan): Promise<void> {
  const session = await theatre.open(copy, plan);
  const timeline = session.answer.timeline ?? { runs: [] };
  const count = segmentCount(timeline);
  const ks = range(0, count);
  const video = plan.video[0];
  if (!video) throw new Error(`${name} has no picture`);
  // The last first: what a segment holds must not depend on where a process began.
  await session.segment(video.id, count - 1);
  const init = await session.init(video.id);
  const sound = plan.audio[0] ? await session.assembled(plan.audio[0].id, ks) : null;
  const seen = await watched(await session.assembled(video.id, ks), sound);
  expect(seen.complaints, 'complaints of the decoder').toEqual([]);
  const seconds = Math.round(copy.media.durationMs / 1000);
  const { flashes: [, lastFlash] = [0, seconds], beeps: [firstBeep, lastBeep] = [0, seconds] } = SHOWN[name] ?? {};
  const firstFlash = SHOWN[name]?.flashes?.[0] ?? 0;
  const first = Math.min(...samplesOf(init, await session.segment(video.id, 0)).map(([, pts]) => pts)) / 90_000;
  const lit = flashes(seen.pictures, first);
  expect(lit, 'flashes').toHaveLength(lastFlash - firstFlash);
  expect(Math.round(lit[0] ?? -1), 'the first flash').toBe(firstFlash);
  for (const at of lit) expect(Math.abs(at - Math.round(at)), `a flash at ${at}`).toBeLessThan(OFF_SECONDS);
  if (sound) {
    expect(seen.beeps.length, 'beeps').toBeGreaterThanOrEqual(lastBeep - firstBeep - 2);
    expect(seen.beeps[0], 'the first beep').toBeGreaterThan(firstBeep - OFF_SECONDS);
    // The end of the sound ends the last silence too.
    const heard = seen.beeps.filter((at) => at < copy.media.durationMs / 1000 - 0.3);
    for (const at of heard) expect(Math.abs(at - Math.round(at)), `a beep at ${at}`).toBeLessThan(OFF_SECONDS);
  }
  if (video.action === 'transcode') {
    expect(seen.size).toBe(`${video.width}x${video.height}`);
    const ticks = timeline.runs.reduce((sum, [duration, times]) => sum + duration * times, 0);
    expect(seen.pictures).toHaveLength(Math.round((ticks * video.frameRate.num) / video.frameRate.den / 90_000));
  }
  theatre.playback.close({ session: session.id, generation: 1 });
}

const same = (a: Plan, b: Plan) => isDeepStrictEqual([a.video, a.audio], [b.video, b.audio]);

describe.concurrent.each(MATRIX)('%s', (name) => {
  it('plays copied as far as can be, and transcoded: every flash is seen and every beep heard at its second', async () => {
    const copy = await matrixCopy(name);
    const transcoded = planFor(copy.media, { profile: MODEST, keyframesUnknown: true });
    await expectPlays(name, copy, transcoded);
    for (const keyframesUnknown of [false, true]) {
      const copied = planFor(copy.media, { profile: GREEDY, keyframesUnknown });
      // Of some nothing can be copied.
      if (same(copied, transcoded)) return;
      try {
        return await expectPlays(name, copy, copied);
      } catch (error) {
        if (!(error instanceof AgentFailure) || error.message !== 'keyframes-unknown' || keyframesUnknown) throw error;
      }
    }
  });
});

/** One line of the table in docs/media.md: what a sample is, and how it reaches two clients. */
async function line(name: string): Promise<string> {
  const { media } = await matrixCopy(name);
  const [video] = media.video;
  const [audio] = media.audio;
  const rate = video ? Math.round((video.frameRate.num / video.frameRate.den) * 1000) / 1000 : 0;
  const traits = video && [
    video.codec,
    ...(video.bitDepth > 8 ? [`${video.bitDepth} bit`] : []),
    ...(video.hdr === 'none' ? [] : [video.hdr]),
    ...(video.interlaced ? ['interlaced'] : []),
    ...(video.rotation ? [`${video.rotation}°`] : []),
    ...(video.sar.num === video.sar.den ? [] : ['anamorphic']),
    `${rate} fps`,
  ];
  const sound = audio ? `${audio.codec} ${audio.channels} ch` : 'none';
  const cells = [CHROMIUM_156, TELEVISION].map((profile) => {
    const { mode, reasons } = decide({ media, profile, agent: { videoEncoders: ['libx264'] } });
    const why = [...new Set(reasons.map(({ code }) => code.replace('-not-supported', '')))].join(', ');
    return why ? `${mode}: ${why}` : mode;
  });
  return `| ${[name, media.container, traits?.join(' '), sound, ...cells].join(' | ')} |`;
}

describe('the table in docs/media.md', () => {
  it('says of each sample how it plays', async () => {
    const lines: string[] = [];
    for (const name of MATRIX) lines.push(await line(name));
    const text = await readFile(new URL('../../docs/media.md', import.meta.url), 'utf8');
    expect(text.split('\n').filter((row) => /^\| \S+\.\w+ \|/.test(row))).toEqual(lines);
  });
});
