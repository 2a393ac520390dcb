import { stat } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { probe } from '../../agent/library/probe/probe.ts';
import { decide } from '../../shared/media/decision.ts';
import type { DeviceProfile } from '../../shared/media/device-profile.ts';
import { segmentCount } from '../../shared/media/timeline.ts';
import { matrixSample } from './matrix-samples.ts';
import { BINARIES, decoded, execute, range, stage } from './playback-stage.ts';

const FILES_OF_NONE: DeviceProfile['file'] = { containers: [], video: [], audio: [] };
const segmentsOf = (hdr: boolean): DeviceProfile['segments'] => ({
  containers: ['mp4'],
  // Too small for the film, so that it must be encoded.
  video: [{ codec: 'hevc', maxBitDepth: 10, maxHeight: 60, hdr }],
  audio: [{ codec: 'aac', maxChannels: 2 }],
});

it.each([
  ['hdr10.mkv', true, 'yuv420p10le', 'smpte2084', 'PQ', 'hvc1.2.4.L60.B0'],
  ['hlg.mkv', true, 'yuv420p10le', 'arib-std-b67', 'HLG', 'hvc1.2.4.L60.B0'],
  ['hdr10.mkv', false, 'yuv420p', 'bt709', undefined, 'hvc1.1.6.L60.B0'],
] as const)(
  '%s for a screen that shows HDR (%s) is encoded in %s and %s',
  async (name, hdr, pixels, transfer, announced, codecs) => {
    const path = await matrixSample(name);
    const { size, mtimeMs } = await stat(path);
    const shape = { recognised: true, expectedSize: null };
    const probed = await probe(BINARIES.ffprobe, { path, size, shape }, AbortSignal.timeout(30_000));
    if ('problem' in probed) throw new Error(probed.problem.detail);
    const { media } = probed;
    const profile = { name: 'Small screen', file: FILES_OF_NONE, segments: segmentsOf(hdr) };
    const plan = decide({ media, profile, agent: { videoEncoders: ['libx264', 'libx265'] } });
    if (plan.mode === 'none') throw new Error(plan.detail);
    const [video] = plan.video;
    expect([video?.range, video?.codecs, video?.tonemap]).toEqual([announced, codecs, !hdr]);
    const theatre = await stage({ capabilities: { transcodeSlots: 2, videoEncoders: ['libx264', 'libx265'] } });
    onTestFinished(() => theatre[Symbol.asyncDispose]());
    const fingerprint = Buffer.from(`${name}${hdr}`).toString('hex').padEnd(32, '0');
    const copy = { path, size, mtimeMs, fingerprint, media, externalSubtitles: new Map() };
    const { answer, assembled } = await theatre.open(copy, plan);
    const made = await assembled(video?.id ?? '', range(0, segmentCount(answer.timeline ?? { runs: [] })));
    const { frames, complaints } = await decoded(made);
    expect(complaints).toBe('');
    expect(frames.length).toBe(Math.round((media.durationMs * 25) / 1000));
    const asked = [
      '-v',
      'error',
      '-show_entries',
      'stream=codec_tag_string,pix_fmt,color_transfer',
      '-of',
      'csv=p=0',
      made,
    ];
    const { stdout } = await execute('ffprobe', asked);
    expect(stdout.trim()).toBe(`hvc1,${pixels},${transfer}`);
  },
);
