import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IndexedCopy } from '../../../agent/library/copies.ts';
import { probe } from '../../../agent/library/probe/probe.ts';
import { decide } from '../../../shared/media/decision.ts';
import type { DeviceProfile } from '../../../shared/media/device-profile.ts';
import { segmentCount } from '../../../shared/media/timeline.ts';
import { BINARIES, execute, type Opened, stage } from '../../agent/playback-stage.ts';
import type { BenchOptions, BenchResult } from '../measures.ts';

/** A beep and a white picture this often. */
const PERIOD_S = 10;
const MAX_TEXT = 256 * 1024 * 1024;

/** Takes only H.264 and stereo: the picture is put on a grid, the sound resampled from 44.1 to 48 kHz. */
const CLIENT: DeviceProfile = {
  name: 'drift',
  file: { containers: [], video: [], audio: [] },
  segments: {
    containers: ['mp4'],
    video: [{ codec: 'h264', maxBitDepth: 8, hdr: false }],
    audio: [{ codec: 'aac', maxChannels: 2 }],
  },
};

/**
 * How far sound and picture come apart over an hour of a transcoded film, made as segments by several processes
 * (a player seeks to the middle and to the end first). Not a speed: the goal is that of the ear.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const seconds = options.quick ? 600 : 3600;
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-drift-'));
  await using theatre = await stage({ preset: 'ultrafast' });
  try {
    const copy = await film(join(dir, 'film.mkv'), seconds);
    const plan = decide({
      media: copy.media,
      profile: CLIENT,
      agent: { videoEncoders: ['libx264'] },
      keyframesUnknown: true,
    });
    if (plan.mode === 'none') throw new Error(plan.detail);
    const [video] = plan.video;
    const [audio] = plan.audio;
    if (!video || !audio) throw new Error('no picture or no sound');
    const session = await theatre.open(copy, plan);
    const count = segmentCount(session.answer.timeline ?? { runs: [] });
    const flashes = await onsets(await whole(session, video.id, count, join(dir, 'video.mp4')), 'light');
    const beeps = await onsets(await whole(session, audio.id, count, join(dir, 'audio.mp4')), 'sound');
    const shown = await onsets(copy.path, 'light');
    const heard = await onsets(copy.path, 'sound');
    /** Milliseconds by which each comes later than in the source, less what the first one does. */
    const drift = (ours: readonly number[], theirs: readonly number[]) => {
      const later = ours.map((at, i) => (at - (theirs[i] ?? Number.NaN)) * 1000);
      return Math.max(...later.map((ms) => Math.abs(ms - (later[0] ?? 0))));
    };
    return {
      bench: 'drift',
      measures: [
        { name: 'film', value: seconds, unit: 's' },
        { name: 'beeps', value: beeps.length, unit: '', goal: `>= ${seconds / PERIOD_S - 1}` },
        { name: 'flashes', value: flashes.length, unit: '', goal: `>= ${seconds / PERIOD_S - 1}` },
        { name: 'sound_drift', value: drift(beeps, heard), unit: 'ms', goal: '< 20' },
        { name: 'picture_drift', value: drift(flashes, shown), unit: 'ms', goal: '< 20' },
      ],
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function film(path: string, seconds: number): Promise<IndexedCopy> {
  const flash = `color=black:s=64x36:r=24000/1001:d=${seconds},drawbox=c=white:t=fill:enable='lt(mod(t,${PERIOD_S}),0.2)'`;
  const beep = `aevalsrc='sin(2*PI*1000*t)*lt(mod(t,${PERIOD_S}),0.1)':s=44100:d=${seconds}`;
  await execute(BINARIES.ffmpeg, [
    ...['-v', 'error', '-f', 'lavfi', '-i', flash, '-f', 'lavfi', '-i', beep, '-ac', '2'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '240', '-c:a', 'flac', path],
  ]);
  const { size, mtimeMs } = await stat(path);
  const shape = { recognised: true, expectedSize: null };
  const probed = await probe(BINARIES.ffprobe, { path, size, shape }, AbortSignal.timeout(30_000));
  if ('problem' in probed) throw new Error(probed.problem.detail);
  return { path, size, mtimeMs, fingerprint: 'd'.repeat(32), media: probed.media, externalSubtitles: new Map() };
}

async function whole(session: Opened, rendition: string, count: number, path: string): Promise<string> {
  for (const k of [Math.floor(count / 2), count - 2])
    await session.segment(rendition, k).catch((e) => {
      console.log('seek', rendition, k, count, e.message, session.answer.timeline);
      throw e;
    });
  const parts = [await session.init(rendition)];
  for (let k = 0; k < count; k++)
    parts.push(
      await session.segment(rendition, k).catch((e) => {
        console.log(rendition, k, count, e.message);
        throw e;
      }),
    );
  await writeFile(path, Buffer.concat(parts));
  return path;
}

/** Seconds at which the picture turns white, or the sound begins. */
async function onsets(path: string, what: 'light' | 'sound'): Promise<number[]> {
  const filter =
    what === 'light'
      ? ['-vf', 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-']
      : ['-af', 'silencedetect=n=-12dB:d=1'];
  const args = ['-nostdin', '-hide_banner', '-nostats', '-i', path, ...filter, '-f', 'null', '-'];
  const { stdout, stderr } = await execute(BINARIES.ffmpeg, args, { maxBuffer: MAX_TEXT });
  if (what === 'sound') {
    const ends = [...stderr.matchAll(/silence_end: (\S+)/g)].map(([, at]) => Number(at));
    const duration = Number(
      /time=(\d+):(\d+):([\d.]+)/
        .exec(stderr)
        ?.slice(1)
        .reduce((sum, part) => String(Number(sum) * 60 + Number(part))),
    );
    // The end of the film ends its last silence too.
    return ends.filter((at) => !(at > duration - 0.5));
  }
  const pictures = [...stdout.matchAll(/pts_time:(\S+)\s+lavfi\.signalstats\.YAVG=(\S+)/g)];
  const lit = pictures.map(([, at, level]) => ({ at: Number(at), on: Number(level) > 128 }));
  return lit.filter(({ on }, i) => on && i > 0 && !lit[i - 1]?.on).map(({ at }) => at);
}
