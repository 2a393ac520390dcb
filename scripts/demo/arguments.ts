import type { Recipe } from './titles.ts';

const QUIET = ['-hide_banner', '-nostdin', '-v', 'error', '-y'];
const FRAMES_PER_SECOND = 24;

export interface FilmInputs {
  recipe: Recipe;
  seconds: number;
  size: { width: number; height: number };
  /** A wide painting over which the picture pans, one pixel a frame. */
  painting: string;
  /** Raw grey frames, one a second. */
  timeCode: string;
  timeCodeSize: { width: number; height: number };
  /** The sound of films that have AAC, at least as long as the film. */
  tone: string;
  subtitles: { file: string; language: string; title: string }[];
  output: string;
}

/** How wide a painting must be so that a picture of this width can pan over it to the end. */
export function paintingWidth(width: number, seconds: number): number {
  return width + seconds * FRAMES_PER_SECOND;
}

const sine = (hertz: number) => `sine=frequency=${hertz}:beep_factor=3:sample_rate=48000`;

/** argv of the ffmpeg that makes the tone all films with AAC share: encoding it takes nearly as long as a picture. */
export function toneArguments(seconds: number, output: string): string[] {
  const aac = ['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-f', 'mp4'];
  return [...QUIET, '-f', 'lavfi', '-i', sine(392), '-t', String(seconds), ...aac, output];
}

/** argv of the ffmpeg that makes one film. */
export function filmArguments(inputs: FilmInputs): string[] {
  const { recipe, seconds, size, timeCodeSize } = inputs;
  const sounds = SOUNDS[recipe]?.map((hertz) => ['-f', 'lavfi', '-i', sine(hertz)]) ?? [['-i', inputs.tone]];
  const depth = recipe === 'hevc-mkv' ? 'yuv420p10le' : 'yuv420p';
  // All that is per frame happens in the film's own size; the time code has one frame a second to scale.
  const code = [timeCodeSize.width, timeCodeSize.height].map((length) => 2 * Math.round((length * size.height) / 1440));
  // The painting is converted once and then repeated: decoding it anew for each frame costs more than encoding.
  const picture =
    `[0:v]format=yuv420p,loop=loop=-1:size=1,setpts=N/${FRAMES_PER_SECOND}/TB,crop=${size.width}:${size.height}:n:0[back];` +
    `[1:v]scale=${code.join(':')},format=yuv420p,setpts=N/TB[code];[back][code]overlay=(W-w)/2:H-h-H/18,setsar=1,format=${depth}[v]`;
  return [
    ...QUIET,
    ...['-i', inputs.painting],
    ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-video_size', `${timeCodeSize.width}x${timeCodeSize.height}`],
    ...['-framerate', '1', '-i', inputs.timeCode],
    ...sounds.flat(),
    ...inputs.subtitles.flatMap(({ file }) => ['-i', file]),
    ...['-filter_complex', picture, '-map', '[v]'],
    ...sounds.flatMap((_, i) => ['-map', `${2 + i}:a`]),
    ...inputs.subtitles.flatMap((_, i) => ['-map', `${2 + sounds.length + i}:s`]),
    ...['-t', String(seconds), '-r', String(FRAMES_PER_SECOND), '-threads', '2'],
    ...CODECS[recipe],
    ...inputs.subtitles.flatMap(({ language, title }, i) => [
      ...[`-metadata:s:s:${i}`, `language=${language}`, `-metadata:s:s:${i}`, `title=${title}`],
    ]),
    inputs.output,
  ];
}

/** Of the films whose sound is not the shared tone: the pitch of each track. */
const SOUNDS: Partial<Record<Recipe, readonly number[]>> = {
  'mpeg2-ts': [392],
  'h264-mkv-languages': [330, 523],
};

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-g', '48', '-profile:v', 'high'];

const CODECS: Record<Recipe, string[]> = {
  'h264-mp4': [...H264, '-c:a', 'copy', '-movflags', '+faststart', '-f', 'mp4'],
  'hevc-mkv': [
    ...['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '28', '-x265-params', 'log-level=error:keyint=48'],
    ...['-c:a', 'copy', '-f', 'matroska'],
  ],
  'mpeg2-ts': [
    ...['-c:v', 'mpeg2video', '-b:v', '3500k', '-maxrate', '6000k', '-bufsize', '1835k', '-g', '12', '-bf', '2'],
    ...['-c:a', 'ac3', '-b:a', '192k', '-ac', '2', '-f', 'mpegts'],
  ],
  'h264-mkv-languages': [
    ...H264,
    ...['-c:a', 'ac3', '-b:a', '192k', '-ac', '2', '-c:s', 'srt', '-f', 'matroska'],
    ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:0', 'title=English', '-disposition:a:0', 'default'],
    ...['-metadata:s:a:1', 'language=ger', '-metadata:s:a:1', 'title=Deutsch', '-disposition:a:1', '0'],
    ...['-disposition:s:0', '0', '-disposition:s:1', '0'],
  ],
};

export interface Lettering {
  title: string;
  /** A smaller line below it. */
  line: string;
  /** Of the title, in pixels. */
  size: number;
}

/** argv of the ffmpeg that turns a painting into a JPEG, with its title on it where letters can be drawn. */
export function artworkArguments(painting: string, lettering: Lettering | null, output: string): string[] {
  const filters = ['format=yuvj444p'];
  if (lettering) {
    const { title, line, size } = lettering;
    const words = title.split(' ');
    const middle = words.length > 1 ? Math.ceil(words.length / 2) : 1;
    const rows = [words.slice(0, middle).join(' '), words.slice(middle).join(' ')].filter(Boolean);
    rows.forEach((row, i) => {
      filters.push(letters(row, size, `h*0.71+${Math.round(i * size * 1.12)}`, 1));
    });
    filters.push(
      letters(line, Math.round(size * 0.36), `h*0.71+${Math.round(rows.length * size * 1.12 + size * 0.3)}`, 0.8),
    );
  }
  return [...QUIET, '-i', painting, '-vf', filters.join(','), '-frames:v', '1', '-q:v', '3', '-f', 'mjpeg', output];
}

/** argv that succeeds exactly where letters can be drawn: the filter and a font are there. */
export function letteringTest(): string[] {
  return [
    ...QUIET,
    '-f',
    'lavfi',
    '-i',
    'color=s=64x64',
    '-vf',
    letters('x', 20, '0', 1),
    '-frames:v',
    '1',
    '-f',
    'null',
    '-',
  ];
}

/** `text` holds letters, digits and spaces only: these are the demo's own titles, nothing is escaped. */
function letters(text: string, size: number, y: string, alpha: number): string {
  return `drawtext=font=Sans:text='${text}':fontsize=${size}:fontcolor=white@${alpha}:x=(w-tw)/2:y=${y}:shadowcolor=black@0.35:shadowx=2:shadowy=3`;
}
