import { describe, expect, it } from 'vitest';
import { segmentCount } from '../../shared/media/timeline.ts';
import { audio, decoded, indexed, planOf, range, stage, videoTranscode } from './playback-stage.ts';
import { sample } from './samples.ts';
import { wrappedFfmpeg } from './wrapped-ffmpeg.ts';

/** Stands in for a chip: the frames are libx264's, with everything that names the chip taken out of the arguments. */
const CHIP = (fate: string) => `
chip=
for a in "$@"; do [ "$a" = h264_nvenc ] && chip=1; done
if [ -n "$chip" ]; then
  ${fate}
fi`;
const BREAKS_AT_ONCE = CHIP('echo "OpenEncodeSessionEx failed: out of memory (10)" >&2; exit 1');
/** Encodes three seconds on "the chip", then the driver is gone. */
const BREAKS_LATER = CHIP(`
  n=$#
  while [ $n -gt 0 ]; do
    a=$1; shift; n=$((n - 1))
    case "$a" in
      h264_nvenc) set -- "$@" libx264 ;;
      -hwaccel | -rc | -cq | -forced-idr | -no-scenecut | -preset) shift; n=$((n - 1)) ;;
      pipe:1) set -- "$@" -frames:v 80 pipe:1 ;;
      *) set -- "$@" "$a" ;;
    esac
  done
  /usr/bin/ffmpeg "$@"
  exit 1`);

const capabilities = { transcodeSlots: 4, videoEncoders: ['h264_nvenc', 'libx264'] };

async function film() {
  const copy = await indexed(await sample('film.mp4'));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  return { copy, plan: planOf([videoTranscode(picture)], [audio(sound, 'transcode')]) };
}

const encodersOf = (calls: string[][]) =>
  calls.flatMap((argv) => (argv.includes('-c:v') ? [argv[argv.indexOf('-c:v') + 1]] : []));

describe('an encoder on a chip', () => {
  it('that refuses is replaced by software, and every segment comes', async () => {
    const { copy, plan } = await film();
    await using ffmpeg = await wrappedFfmpeg(BREAKS_AT_ONCE);
    await using theatre = await stage({ binaries: ffmpeg.binaries, capabilities });
    const { answer, assembled } = await theatre.open(copy, plan);
    const ks = range(0, segmentCount(answer.timeline ?? { runs: [] }));
    const { frames, complaints } = await decoded(await assembled('v180', ks));
    expect(complaints).toBe('');
    expect(frames.length).toBe(Math.round((copy.media.durationMs * 24) / 1001));
    expect(encodersOf(await ffmpeg.calls())).toEqual(['h264_nvenc', 'libx264']);
  });

  it('that breaks in the middle of a film is replaced there, and the pictures go on without a hole', async () => {
    const { copy, plan } = await film();
    await using ffmpeg = await wrappedFfmpeg(BREAKS_LATER);
    await using theatre = await stage({ binaries: ffmpeg.binaries, capabilities });
    const { answer, assembled } = await theatre.open(copy, plan);
    const ks = range(0, segmentCount(answer.timeline ?? { runs: [] }));
    const { frames, complaints } = await decoded(await assembled('v180', ks));
    expect(complaints).toBe('');
    expect(frames.length).toBe(Math.round((copy.media.durationMs * 24) / 1001));
    const gaps = frames.slice(1).map(({ pts }, i) => pts - (frames[i]?.pts ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(3754);
    expect(encodersOf(await ffmpeg.calls())).toEqual(['h264_nvenc', 'libx264']);
  });

  it('that broke is left alone by the next session', async () => {
    const { copy, plan } = await film();
    await using ffmpeg = await wrappedFfmpeg(BREAKS_AT_ONCE);
    await using theatre = await stage({ binaries: ffmpeg.binaries, capabilities });
    await (await theatre.open(copy, plan)).segment('v180', 0);
    const other = { ...copy, fingerprint: 'b'.repeat(32) };
    await (await theatre.open(other, plan)).segment('v180', 0);
    expect(encodersOf(await ffmpeg.calls())).toEqual(['h264_nvenc', 'libx264', 'libx264']);
  });

  it('is not blamed for a file that software cannot read either', async () => {
    const { copy, plan } = await film();
    await using ffmpeg = await wrappedFfmpeg('echo "Invalid data found" >&2; exit 1');
    await using theatre = await stage({ binaries: ffmpeg.binaries, capabilities });
    const { segment } = await theatre.open(copy, plan);
    await expect(segment('v180', 0)).rejects.toThrow('The file cannot be played: Invalid data found');
    expect(encodersOf(await ffmpeg.calls())).toEqual(['h264_nvenc', 'libx264']);
  });
});
