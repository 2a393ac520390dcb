import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { probe } from '../../agent/library/probe/probe.ts';
import { decide } from '../../shared/media/decision.ts';
import type { DeviceProfile } from '../../shared/media/device-profile.ts';
import { segmentCount } from '../../shared/media/timeline.ts';
import { matrixSample } from './matrix-samples.ts';
import { BINARIES, DIRECT, decoded, execute, indexed, range, stage, wholeOf } from './playback-stage.ts';

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

/** How light the middle of a JPEG's upper left quarter is, 0 to 1. */
async function lightOf(jpeg: Buffer): Promise<number> {
  const source = `data:image/jpeg;base64,${jpeg.toString('base64')}`;
  const args = ['-v', 'error', '-f', 'jpeg_pipe', '-i', source, '-vf', 'format=gray,crop=1:1:40:20'];
  const { stdout } = await execute('ffmpeg', [...args, '-f', 'rawvideo', '-'], { encoding: 'buffer' } as object);
  return (stdout as unknown as Buffer).readUInt8(0) / 255;
}

it('previews and pictures of a film in HDR are made for an ordinary screen', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-light-'));
  const theatre = await stage();
  onTestFinished(async () => {
    await theatre[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });
  const path = join(dir, 'page.mkv');
  // A page in the light of a room: half of the signal in HDR, and nearly white on paper.
  const params = 'keyint=25:log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc';
  const page = ['-f', 'lavfi', '-i', 'color=0x949494:s=160x90:r=25:d=2', '-pix_fmt', 'yuv420p10le'];
  await execute('ffmpeg', ['-v', 'error', ...page, '-c:v', 'libx265', '-x265-params', params, path]);
  const looks = async (hdr: 'hdr10' | 'none') => {
    const { media, ...plain } = await indexed(path);
    const copy = { ...plain, media: { ...media, video: media.video.map((video) => ({ ...video, hdr })) } };
    const { bytes } = await theatre.open(copy, DIRECT);
    const key = { root: 'films', pathHash: copy.fingerprint };
    const still = { kind: 'still', copy: key, fingerprint: copy.fingerprint, atMs: 500, width: 160 } as const;
    const made = [await bytes({ kind: 'trickplay', sheet: 0 }), await bytes(still)];
    return Promise.all(made.map(async (answer) => lightOf(await wholeOf(answer))));
  };
  for (const light of await looks('none')) expect(light).toBeLessThan(0.6);
  for (const light of await looks('hdr10')) expect(light).toBeGreaterThan(0.7);
});
