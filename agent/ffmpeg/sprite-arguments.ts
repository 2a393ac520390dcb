import { TONEMAP } from './picture-filters.ts';

/** JPEG quality in ffmpeg's scale, 2 (best) to 31: small pictures that are looked at for a moment. */
const JPEG_QUALITY = 5;
/** A container without an index lands on the keyframe behind the time, not on the one before. */
const LATE_SECONDS = 1;

/**
 * A sheet of small pictures as JPEG on stdout. The file is opened once for each picture: a seek to a keyframe costs a
 * few reads, where one pass would read all that lies between, hundreds of megabytes of a large film.
 */
export function spriteArguments(options: {
  path: string;
  stream: number;
  /** Seconds from the film's start; each picture is the keyframe before. */
  times: readonly number[];
  width: number;
  height: number;
  columns: number;
  /** Whether the header says all about the streams (MP4, Matroska). */
  complete: boolean;
  /** Whether the film is in HDR, which a JPEG does not show. */
  tonemap: boolean;
  /** Filters that cut off what is not to be seen. */
  crop?: readonly string[];
}): string[] {
  const { path, stream, times, width, height, columns, complete, tonemap, crop = [] } = options;
  // Each opening would otherwise decode pictures to learn about them: half of the whole work.
  const probe = complete ? ['-probesize', '32', '-analyzeduration', '0'] : [];
  const rows = Math.ceil(times.length / columns);
  const inputs = times.flatMap((seconds) => [
    // One thread each: a single picture is not made faster by more, and each holds pictures of its own.
    ...['-threads', '1', ...probe, '-noaccurate_seek', '-skip_frame', 'nokey'],
    ...['-ss', Math.max(0, complete ? seconds : seconds - LATE_SECONDS).toFixed(3), '-i', `file:${path}`],
  ]);
  const look = `${tonemap ? `${TONEMAP},` : ''}format=yuvj420p,setsar=1,setpts=PTS-STARTPTS`;
  const scaled = [...crop, `scale=${width}:${height}:flags=fast_bilinear`].join(',');
  const key = (i: number) => `[${i}:${stream}]trim=end_frame=1,${scaled},${look}`;
  const pictures = complete ? times.map((_, i) => `${key(i)}[p${i}]`) : standing(times.length, key, { width, height });
  const all = times.map((_, i) => `[p${i}]`).join('');
  const joined = `${all}concat=n=${times.length}:v=1:a=0,tile=${columns}x${rows}[sheet]`;
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'],
    ...inputs,
    ...['-filter_complex', [...pictures, joined].join(';'), '-map', '[sheet]', '-frames:v', '1'],
    ...['-q:v', String(JPEG_QUALITY), '-map_metadata', '-1', '-f', 'mjpeg', 'pipe:1'],
  ];
}

/**
 * Where no keyframe comes behind a time any more, the picture before it stands: without that all later ones would move
 * up, and a short film would have none.
 */
function standing(count: number, key: (i: number) => string, size: { width: number; height: number }): string[] {
  const black = `color=black:size=${size.width}x${size.height}:rate=1:duration=1,format=yuvj420p,setsar=1[b0]`;
  const either = (i: number) => `[k${i}][b${i}]concat=n=2:v=1:a=0,trim=end_frame=1`;
  const pictures = Array.from({ length: count }, (_, i) => [
    `${key(i)}[k${i}]`,
    i + 1 < count ? `${either(i)},split[p${i}][b${i + 1}]` : `${either(i)}[p${i}]`,
  ]);
  return [black, ...pictures.flat()];
}
