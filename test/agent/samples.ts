import { execFile } from 'node:child_process';
import { mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Raised when a recipe below changes, so that no test reads an older file. */
const EDITION = 4;
const DIR = join(tmpdir(), `hearthcast-samples-${EDITION}`);

const pictures = (size: string, rate: string, seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`],
];
/** A beep each second: to encode a tone that never ends costs the AAC encoder five times as much. */
const sound = (hertz: number, seconds: number) => [
  ...['-f', 'lavfi', '-i', `sine=${hertz}:r=48000:d=${seconds},volume=0:enable='gt(mod(t,1),0.1)'`],
];
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
const QUICKLY = ['-preset', 'ultrafast'];

const SRT = '1\n00:00:01,000 --> 00:00:02,500\nGrüße\n\n2\n00:00:04,000 --> 00:00:05,000\nsecond line\n';

/** Subtitles of two and a half minutes: one over the edge of a minute, and none in the last. */
const LONG_SRT = [
  ...['1', '00:00:01,000 --> 00:00:02,500', 'one', '', '2', '00:00:55,000 --> 00:01:05,000', 'over the edge', ''],
  ...['3', '00:01:10,000 --> 00:01:11,000', 'two', '', ''],
].join('\n');
const longFilm = [
  ...[...pictures('160x90', '10', 150), ...sound(440, 150)],
  ...['-i', `data:text/plain;base64,${Buffer.from(LONG_SRT).toString('base64')}`],
  ...['-map', '0', '-map', '1', '-map', '2', ...X264, ...QUICKLY, '-g', '30', '-c:a', 'aac'],
];

/** How each sample is made; the last argument, its path, is added. */
const RECIPES = {
  /** 16 s of H.264 at 23.976 fps with AAC, keyframes every two seconds. */
  'film.mp4': [...pictures('480x270', '24000/1001', 16), ...sound(440, 16), ...X264, '-g', '48', '-c:a', 'aac'],
  /** The same in 1080p. */
  'hd.mp4': [
    ...pictures('1920x1080', '24000/1001', 20),
    ...sound(440, 20),
    ...X264,
    ...QUICKLY,
    '-g',
    '48',
    '-c:a',
    'aac',
  ],
  /** H.264 with two AC-3 tracks and text subtitles, in Matroska with cues. */
  'film.mkv': [
    ...[...pictures('320x180', '25', 16), ...sound(440, 16), ...sound(880, 16)],
    ...['-i', `data:text/plain;base64,${Buffer.from(SRT).toString('base64')}`],
    ...['-map', '0', '-map', '1', '-map', '2', '-map', '3', ...X264, '-g', '50', '-c:a', 'ac3', '-c:s', 'srt'],
    ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=fra', '-metadata:s:s:0', 'language=deu'],
  ],
  /** H.264 with 5.1 in English and stereo in French. */
  'surround.mkv': [
    ...[
      ...pictures('320x180', '25', 12),
      '-f',
      'lavfi',
      '-i',
      "aevalsrc='0|0|0.5*sin(880*t)|0|0|0':c=5.1:s=48000:d=12",
    ],
    ...[...sound(660, 12), '-map', '0', '-map', '1', '-map', '2', ...X264, '-g', '50', '-c:a', 'ac3'],
    ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=fra'],
  ],
  /** HEVC in 10 bits. */
  'hevc.mkv': [
    ...[...pictures('320x180', '24', 12), ...sound(440, 12), '-c:v', 'libx265', '-preset', 'ultrafast'],
    ...['-pix_fmt', 'yuv420p10le', '-x265-params', 'keyint=48:log-level=none', '-c:a', 'aac'],
  ],
  /** Interlaced MPEG-2 with MP2 sound; its clock does not begin at 0. */
  'broadcast.ts': [
    ...[...pictures('352x288', '25', 14), ...sound(440, 14), '-c:v', 'mpeg2video', '-b:v', '1M', '-g', '12'],
    ...['-flags', '+ildct+ilme', '-c:a', 'mp2', '-output_ts_offset', '100'],
  ],
  /** Pictures of uneven length: every third is missing for a while. */
  'vfr.mkv': [
    ...[...pictures('320x180', '30', 14), ...sound(440, 14)],
    ...[
      '-vf',
      "select='if(between(t,3,9),mod(n,3),1)'",
      '-fps_mode',
      'passthrough',
      ...X264,
      '-g',
      '60',
      '-c:a',
      'aac',
    ],
  ],
  /** A beep of a tenth of a second at each whole second, and a white picture with it; its clock begins at 10 s. */
  'beeps.ts': [
    ...['-f', 'lavfi', '-i', "color=black:s=160x90:r=25:d=14,geq=lum='255*lt(mod(T,1),0.1)':cb=128:cr=128"],
    ...['-f', 'lavfi', '-i', "aevalsrc='sin(2*PI*1000*t)*lt(mod(t,1),0.1)':s=48000:d=14"],
    ...[...X264, '-g', '25', '-c:a', 'ac3', '-output_ts_offset', '10'],
  ],
  /** Two and a half minutes with subtitles. */
  'long.mkv': [...longFilm, '-c:s', 'srt'],
  'long.mp4': [...longFilm, '-c:s', 'mov_text'],
  /** The same with a clock that begins at 30 s. */
  'late.mkv': [...longFilm, '-c:s', 'srt', '-output_ts_offset', '30'],
  'song.m4a': [...sound(440, 12), '-c:a', 'aac'],
  'song.mp3': [...sound(440, 12), '-c:a', 'libmp3lame'],
} as const satisfies Record<string, readonly string[]>;

export type SampleName = keyof typeof RECIPES;

const making = new Map<SampleName, Promise<string>>();

/** Path of a sample, made by ffmpeg when it is first asked for and kept for later runs. */
export function sample(name: SampleName): Promise<string> {
  const known = making.get(name) ?? made(name);
  making.set(name, known);
  return known;
}

async function made(name: SampleName): Promise<string> {
  const path = join(DIR, name);
  if (await stat(path).catch(() => null)) return path;
  await mkdir(DIR, { recursive: true });
  const part = join(DIR, `part-${process.pid}-${name}`);
  await run('ffmpeg', ['-v', 'error', '-y', ...RECIPES[name], part]);
  await rename(part, path);
  return path;
}
