import { extname } from 'node:path';
import type { MediaInfo } from '../../../shared/media/media-info.ts';
import { run } from '../../ffmpeg/process.ts';
import { CUT_OFF, NOT_MEDIA, type Problem, type ProblemCode, VANISHED } from '../problems.ts';
import { withCrops } from './container-crop.ts';
import type { EmbeddedTags } from './embedded-tags.ts';
import { FfprobeOutput } from './ffprobe-output.ts';
import { type FileShape, isCutOff } from './file-shape.ts';
import { withEnds, withLength } from './length.ts';
import { isPicture, MAX_AUDIO_STREAMS, toMediaInfo } from './media-info.ts';

export type Probed = { media: MediaInfo; tags: EmbeddedTags } | { problem: Problem };

/** A disk that sleeps takes ten seconds to wake; a file that takes longer than this has a fault. */
const PROBE_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * Demuxers that read one file and nothing else. Playlists and the like (hls, concat, dash) name further files
 * and addresses: a text file called .mkv must not make this machine fetch them.
 */
const FORMATS =
  'matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mpegts,mpeg,mpegvideo,avi,asf,flv,ogg,mp3,flac,wav,aac,ac3,eac3,dts,h264,hevc,m4v,rm,nut,mxf,dv,wtv,ivf';

/** argv of the ffprobe that reads a file's head. `file:` keeps colons in a name from being read as a protocol. */
function probeArguments(path: string): string[] {
  return [
    ...['-v', 'error', '-hide_banner', '-protocol_whitelist', 'file', '-format_whitelist', FORMATS],
    ...['-show_format', '-show_streams', '-show_chapters', '-of', 'json', `file:${path}`],
  ];
}

export interface FileToProbe {
  path: string;
  size: number;
  shape: FileShape;
}

/** Reads what is in a media file, or says why it is none. Rejects only when the signal aborts or ffprobe cannot start. */
export async function probe(ffprobe: string, { path, size, shape }: FileToProbe, signal: AbortSignal): Promise<Probed> {
  const limits = { signal, timeoutMs: PROBE_TIMEOUT_MS, maxStdoutBytes: MAX_OUTPUT_BYTES };
  const done = await run(ffprobe, probeArguments(path), limits);
  if (done.limited) {
    return problem('probe-timeout', `Reading it took longer than ${PROBE_TIMEOUT_MS / 1000} s. Is the disk failing?`);
  }
  const output = parse(done.stdout);
  if (!output || output.streams.length === 0) return { problem: failureOf(done.stderr.replaceAll(path, ''), shape) };
  const told = withLength(toMediaInfo(output, extname(path).slice(1).toLowerCase()), path, size);
  const media = withCrops(withEnds(told, output.streams), path, size);
  const audio = output.streams.filter((stream) => stream.codec_type === 'audio').length;
  if (audio > MAX_AUDIO_STREAMS) {
    return problem('too-many-streams', `It has ${audio} audio tracks; ${MAX_AUDIO_STREAMS} is the most.`);
  }
  if (media.video.length === 0 && media.audio.length === 0) {
    const unread = output.streams.some((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic);
    return unread && !output.streams.some(isPicture)
      ? problem('truncated', 'Its picture cannot be read: the file is cut off or damaged.')
      : problem('not-media', 'It holds neither a picture nor sound.');
  }
  if (isCutOff(shape, size)) return { problem: CUT_OFF };
  return { media, tags: lowerCased(output.format.tags) };
}

function failureOf(stderr: string, shape: FileShape): Problem {
  if (/No such file/i.test(stderr)) return VANISHED;
  if (/Permission denied/i.test(stderr)) return { code: 'unreadable', detail: 'The system refuses to read it.' };
  if (shape.recognised) return CUT_OFF;
  return NOT_MEDIA;
}

function parse(stdout: Buffer): FfprobeOutput | null {
  try {
    return FfprobeOutput.parse(JSON.parse(stdout.toString('utf8')));
  } catch {
    // ffprobe prints nothing, or half an object, where it could not open the file.
    return null;
  }
}

const lowerCased = (tags: EmbeddedTags = {}): EmbeddedTags =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value]));

const problem = (code: ProblemCode, detail: string): Probed => ({ problem: { code, detail } });
