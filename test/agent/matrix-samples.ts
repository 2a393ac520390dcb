import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { probe } from '../../agent/library/probe/probe.ts';
import { BINARIES } from './playback-stage.ts';

const run = promisify(execFile);

/** Raised when a recipe below changes, so that no test reads an older file. */
const EDITION = 5;
const DIR = join(tmpdir(), `hearthcast-matrix-${EDITION}`);

const SECONDS = 4;
const BEEP = 'sin(2*PI*1000*t)*lt(mod(t,1),0.1)';
const CODES = { x264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'] } as const;

/** A moving picture, white for a fifth of each second, with a beep of a tenth at the same moment. */
function source(options: { rate?: string; size?: string; seconds?: number; layout?: string | null }): string[] {
  const { rate = '25', size = '160x90', seconds = SECONDS, layout = 'stereo' } = options;
  const dark = 'lutyuv=y=val/3';
  const flash = "drawbox=c=white:t=fill:enable='lt(mod(t,1),0.2)'";
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds},${dark},${flash}`];
  if (layout === null) return picture;
  const channels = CHANNELS[layout] ?? 2;
  const beeps = Array.from({ length: channels }, () => BEEP).join('|');
  return [...picture, '-f', 'lavfi', '-i', `aevalsrc='${beeps}':c=${layout}:s=48000:d=${seconds}`];
}

const CHANNELS: Record<string, number> = { mono: 1, stereo: 2, '4.0': 4, '5.1': 6, '7.1': 8 };

const x265 = (params = '') => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `keyint=25:log-level=none${params}`],
];
const hdr = (transfer: string) => [
  ...[...x265(), '-pix_fmt', 'yuv420p10le'],
  ...['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'],
];
const keyframesAt = (times: string) => ['-g', '9999', '-sc_threshold', '0', '-force_key_frames', times];
const AAC = ['-c:a', 'aac'];
const X264 = [...CODES.x264, '-g', '25'];

/** How each sample of the matrix is made; the last argument, its path, is added. */
const RECIPES: Record<string, readonly string[]> = {
  'h264-aac.mp4': [...source({}), ...X264, ...AAC],
  'fragmented.mp4': [...source({}), ...X264, ...AAC, '-movflags', '+frag_keyframe+empty_moov'],
  'h264-mono-mp3.mp4': [...source({ layout: 'mono' }), ...X264, '-c:a', 'libmp3lame'],
  'silent.mp4': [...source({ layout: null }), ...X264],
  'hevc.mp4': [...source({}), ...x265(), '-tag:v', 'hvc1', ...AAC],
  'late-sound.mp4': [...source({}), ...X264, ...AAC, '-af', 'atrim=start=1', '-copyts'],
  'h264-pcm.mov': [...source({}), ...X264, '-c:a', 'pcm_s16le'],
  'prores.mov': [...source({}), '-c:v', 'prores_ks', '-profile:v', '0', '-c:a', 'pcm_s24le'],
  'h264-ac3-5.1.mkv': [...source({ layout: '5.1' }), ...X264, '-c:a', 'ac3'],
  'hevc-eac3.mkv': [...source({ layout: '5.1' }), ...x265(), '-c:a', 'eac3'],
  'hevc10-dts.mkv': [
    ...[...source({ layout: '5.1' }), ...x265(), '-pix_fmt', 'yuv420p10le', '-c:a', 'dca', '-strict', '-2'],
  ],
  'h264-truehd.mkv': [...source({ layout: '5.1' }), ...X264, '-c:a', 'truehd', '-strict', '-2'],
  'h264-flac-7.1.mkv': [...source({ layout: '7.1' }), ...X264, '-c:a', 'flac'],
  'h264-pcm-7.1.mkv': [...source({ layout: '7.1' }), ...X264, '-c:a', 'pcm_s24le'],
  'h264-aac-4.0.mkv': [...source({ layout: '4.0' }), ...X264, ...AAC],
  'h264-vorbis.mkv': [...source({}), ...X264, '-c:a', 'libvorbis'],
  'av1-opus.mkv': [...source({}), '-c:v', 'libsvtav1', '-preset', '12', '-g', '25', '-c:a', 'libopus'],
  'hdr10.mkv': [...source({}), ...hdr('smpte2084'), '-c:a', 'eac3'],
  'hlg.mkv': [...source({}), ...hdr('arib-std-b67'), ...AAC],
  'h264-10bit.mkv': [...source({}), ...X264, '-pix_fmt', 'yuv420p10le', ...AAC],
  'h264-422.mkv': [...source({}), ...X264, '-pix_fmt', 'yuv422p', ...AAC],
  'vfr.mkv': [
    ...[...source({ rate: '30' }), ...X264, ...AAC, '-fps_mode', 'passthrough'],
    ...['-vf', "select='if(between(t,1.3,2.7),mod(n,3),1)'"],
  ],
  'open-gop.mkv': [...source({}), ...CODES.x264, '-x264-params', 'open-gop=1:keyint=25:bframes=3', ...AAC],
  'open-gop-hevc.mkv': [...source({}), ...x265(':open-gop=1:bframes=4'), ...AAC],
  'irregular.mkv': [...source({ seconds: 8 }), ...CODES.x264, ...keyframesAt('0.2,0.4,1.6,5.8'), ...AAC],
  'keyframes-30s.mkv': [
    ...[...source({ seconds: 34, size: '64x36', rate: '10' }), ...CODES.x264, ...keyframesAt('30'), ...AAC],
  ],
  'film-23.976.mkv': [...source({ rate: '24000/1001' }), ...X264, ...AAC],
  'ntsc-29.97.mkv': [...source({ rate: '30000/1001' }), ...X264, ...AAC],
  '24fps.mp4': [...source({ rate: '24' }), ...X264, ...AAC],
  '50fps.mkv': [...source({ rate: '50' }), ...X264, ...AAC],
  '59.94fps.mkv': [...source({ rate: '60000/1001' }), ...X264, ...AAC],
  '60fps.mkv': [...source({ rate: '60' }), ...X264, ...AAC],
  'vp9-opus.webm': [...source({}), '-c:v', 'libvpx-vp9', '-cpu-used', '8', '-g', '25', '-c:a', 'libopus'],
  'vp8-vorbis.webm': [...source({}), '-c:v', 'libvpx', '-cpu-used', '8', '-g', '25', '-c:a', 'libvorbis'],
  'mpeg2-interlaced.ts': [
    ...[...source({}), '-c:v', 'mpeg2video', '-b:v', '2M', '-flags', '+ildct+ilme', '-top', '1', '-c:a', 'mp2'],
    ...['-output_ts_offset', '100'],
  ],
  'h264-interlaced.ts': [...source({ size: '160x96' }), ...X264, '-x264-params', 'interlaced=1', ...AAC],
  'h264-ac3.m2ts': [...source({}), ...X264, '-c:a', 'ac3', '-mpegts_m2ts_mode', '1'],
  'hevc-late.ts': [...source({}), ...x265(), ...AAC, '-output_ts_offset', '3600'],
  'mpeg2-ac3.mpg': [...source({}), '-c:v', 'mpeg2video', '-b:v', '2M', '-c:a', 'ac3', '-f', 'vob'],
  'anamorphic.mpg': [...source({ size: '72x58' }), '-vf', 'setsar=64/45', '-c:v', 'mpeg2video', '-c:a', 'mp2'],
  'asp-mp3.avi': [...[...source({}), '-c:v', 'mpeg4', '-bf', '2', '-b:v', '1M', '-vtag', 'XVID', '-c:a', 'libmp3lame']],
  'mjpeg-pcm.avi': [...source({ size: '161x91' }), '-c:v', 'mjpeg', '-c:a', 'pcm_s16le'],
  'wmv2-wma.wmv': [...source({}), '-c:v', 'wmv2', '-b:v', '1M', '-c:a', 'wmav2'],
  'h264-aac.flv': [...source({}), ...X264, ...AAC],
  'sorenson-mp3.flv': [...source({ seconds: 12 }), '-c:v', 'flv', '-b:v', '1M', '-c:a', 'libmp3lame', '-ar', '44100'],
  'theora-vorbis.ogm': [...source({}), '-c:v', 'libtheora', '-c:a', 'libvorbis', '-f', 'ogg'],
  'late-clock.mkv': [...source({ seconds: 8 }), ...X264, ...AAC, '-output_ts_offset', '30'],
  'late-clock.mp4': [...source({ seconds: 8 }), ...X264, ...AAC, '-output_ts_offset', '30'],
  'late-clock.wmv': [...source({}), '-c:v', 'wmv2', '-b:v', '1M', '-c:a', 'wmav2', '-output_ts_offset', '30'],
  'late-clock.ogm': [...source({}), '-c:v', 'libtheora', '-c:a', 'libvorbis', '-output_ts_offset', '30', '-f', 'ogg'],
  'late-ac3.mkv': [...source({ seconds: 14 }), ...X264, '-c:a', 'ac3', '-af', 'atrim=start=5', '-copyts'],
  'late-sound.ts': [...source({ seconds: 8 }), ...X264, ...AAC, '-af', 'atrim=start=5', '-copyts'],
  'late-picture.mkv': [...source({ seconds: 8 }), ...X264, ...AAC, '-vf', 'trim=start=2.6', '-copyts'],
  'late-picture.ts': [...source({ seconds: 8 }), ...X264, ...AAC, '-vf', 'trim=start=2.6', '-copyts'],
  'late-picture.mp4': [...source({ seconds: 8 }), ...X264, ...AAC, '-vf', 'trim=start=2.6', '-copyts'],
  'short-sound.mkv': [...source({ seconds: 26 }), ...X264, ...AAC, '-af', 'atrim=end=4'],
  'short-picture.mkv': [...source({ seconds: 26 }), ...X264, ...AAC, '-vf', 'trim=end=4'],
};

/** Whole seconds at which a sample's picture flashes and its sound beeps, where those are not all of it. */
export const SHOWN: Readonly<Record<string, { flashes?: [number, number]; beeps?: [number, number] }>> = {
  'late-ac3.mkv': { beeps: [5, 14] },
  'late-sound.ts': { beeps: [5, 8] },
  'late-picture.mkv': { flashes: [3, 8] },
  'late-picture.ts': { flashes: [3, 8] },
  'late-picture.mp4': { flashes: [3, 8] },
  'short-sound.mkv': { beeps: [0, 4] },
  'short-picture.mkv': { flashes: [0, 4] },
};

/** Another sample from its second second on: the first picture hangs on ones that an edit list hides. */
const CUT = { name: 'edit-list.mp4', from: 'irregular.mkv', args: ['-ss', '2'] };

/** A sample that is another one with a quarter turn to the right in its header: no ffmpeg option sets that everywhere. */
const ROTATED = { name: 'rotated.mp4', from: 'h264-aac.mp4' };

export const MATRIX = [...Object.keys(RECIPES), CUT.name, ROTATED.name];

const making = new Map<string, Promise<string>>();

/** Path of a sample, made by ffmpeg when it is first asked for and kept for later runs. */
export function matrixSample(name: string): Promise<string> {
  const known = making.get(name) ?? make(name);
  making.set(name, known);
  return known;
}

const indexing = new Map<string, Promise<IndexedCopy>>();

/** A sample as the library would have indexed it. */
export function matrixCopy(name: string): Promise<IndexedCopy> {
  const known = indexing.get(name) ?? indexed(name);
  indexing.set(name, known);
  return known;
}

async function indexed(name: string): Promise<IndexedCopy> {
  const path = await matrixSample(name);
  const { size, mtimeMs } = await stat(path);
  const shape = { recognised: true, expectedSize: null };
  const probed = await probe(BINARIES.ffprobe, { path, size, shape }, AbortSignal.timeout(30_000));
  if ('problem' in probed) throw new Error(`${name}: ${probed.problem.detail}`);
  const fingerprint = Buffer.from(basename(path)).toString('hex').padEnd(32, '0').slice(-32);
  return { path, size, mtimeMs, fingerprint, media: probed.media, externalSubtitles: new Map() };
}

async function make(name: string): Promise<string> {
  const path = join(DIR, name);
  if (await stat(path).catch(() => null)) return path;
  await mkdir(DIR, { recursive: true });
  const part = join(DIR, `part-${process.pid}-${name}`);
  if (name === ROTATED.name) await writeFile(part, turned(await readFile(await matrixSample(ROTATED.from))));
  else if (name === CUT.name)
    await run('ffmpeg', ['-v', 'error', '-y', ...CUT.args, '-i', await matrixSample(CUT.from), '-c', 'copy', part]);
  else await run('ffmpeg', ['-v', 'error', '-y', ...(RECIPES[name] ?? []), part]);
  await rename(part, path);
  return path;
}

/** The matrix of the first track's header (ISO 14496-12, 8.3.2), turned. */
function turned(bytes: Buffer): Buffer {
  const at = bytes.indexOf('tkhd') + 44;
  [0, 0x1_0000, 0, -0x1_0000, 0, 0].forEach((value, i) => {
    bytes.writeInt32BE(value, at + i * 4);
  });
  return bytes;
}
