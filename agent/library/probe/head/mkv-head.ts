import type { MediaInfo, SubtitleStream, VideoStream } from '../../../../shared/media/media-info.ts';
import { EARLY_END_MS, LATE_CLOCK_MS, secondsOfTag } from '../length.ts';
import { elementsIn, Fields, float } from './ebml.ts';
import { readAvcConfig } from './h264.ts';
import type { Head } from './head.ts';
import type { HeadBytes } from './head-bytes.ts';
import { readHevcConfig } from './hevc.ts';
import { hdrOf } from './light.ts';
import { ID } from './mkv-ids.ts';
import { type FirstBlock, findParts, firstBlocks, readChapters, readTags } from './mkv-parts.ts';
import { nearest } from './rational.ts';
import { readAacConfig, readAc3Frame, readFlacHead, readOpusHead, type SoundFacts } from './sound.ts';
import { Unsure } from './unsure.ts';

/** FFmpeg's microseconds. */
const CLOCK = 1_000_000;
const NANO = 1_000_000_000;
/** FFmpeg's limits of the fractions that it makes of a frame's length and of a display's size. */
const MAX_RATE_PART = 30_000;
const MAX_SHAPE_PART = 255;
const MAX_RATE = 300;
const UNKNOWN_UNIT = 4;

const VIDEO = 1;
const AUDIO = 2;
const SUBTITLE = 17;

/**
 * What a Matroska or WebM file says in its head: exactly what ffprobe would say, or Unsure (codecs whose frames
 * tell more than their configuration, rates that are not given, Dolby Vision, several editions).
 */
export function readMkvHead(file: HeadBytes): Head {
  const parts = findParts(file);
  const info = new Fields(parts.info);
  const scale = info.number(ID.timestampScale, 1_000_000);
  const duration = info.bytes(ID.duration);
  const micros = duration ? Math.trunc((float(duration) * scale * 1000) / CLOCK) : 0;
  if (!(micros > 0)) throw new Unsure('no duration');
  const tracks = elementsIn(parts.tracks)
    .filter(({ id }) => id === ID.track)
    .map(({ payload }) => new Fields(payload));
  const timed = tracks.filter((track) => track.number(ID.trackType, 0) !== SUBTITLE);
  const blocks = firstBlocks(file, parts.cluster, new Set(timed.map((track) => track.number(ID.trackNumber, 0))));
  if (timed.length === 0 || blocks.size < timed.length) throw new Unsure('a track that begins late');
  const tags = readTags(parts.tags);
  const streams: Pick<MediaInfo, 'video' | 'audio' | 'subtitles'> = { video: [], audio: [], subtitles: [] };
  for (const [index, track] of tracks.entries()) {
    const own = tags.get(track.key(ID.trackUid));
    const block = blocks.get(track.number(ID.trackNumber, 0)) ?? null;
    const ends = secondsOfTag(own?.get('DURATION') ?? '');
    const pictures = track.number(ID.trackType, 0) === VIDEO;
    if (pictures && ends !== null && ends * 1000 < micros / 1000 - EARLY_END_MS) throw new Unsure('an early end');
    readTrack({ track, index, block, statedRate: own?.get('BPS') ?? own?.get('BPS-eng') }, streams);
  }
  const start = Math.min(
    ...timed.map((track) => {
      const time = blocks.get(track.number(ID.trackNumber, 0))?.time as number;
      return time - Math.round(track.number(ID.codecDelay, 0) / scale);
    }),
  );
  if ((start * scale) / CLOCK >= LATE_CLOCK_MS) throw new Unsure('a late clock');
  const media: MediaInfo = {
    container: 'mkv',
    durationMs: Math.round(micros / 1000),
    startTime: Math.round((start * scale) / 1000) / CLOCK,
    bitrate: Math.floor((file.size * 8 * CLOCK) / micros),
    ...streams,
    chapters: readChapters(parts.chapters),
  };
  const whole = [...(tags.get('') ?? [])].map(([name, value]) => [name.toLowerCase(), value] as const);
  return { media, tags: Object.fromEntries(whole) };
}

interface TrackHead {
  track: Fields;
  index: number;
  block: FirstBlock | null;
  /** Bits per second, as the statistics of mkvmerge have them. */
  statedRate: string | undefined;
}

function readTrack(head: TrackHead, streams: Pick<MediaInfo, 'video' | 'audio' | 'subtitles'>): void {
  const { track, index, statedRate } = head;
  if (track.has(ID.blockAddition)) throw new Unsure('a track with additions');
  const stated = statedRate === undefined ? null : Number(statedRate);
  if (stated !== null && !Number.isSafeInteger(stated)) throw new Unsure('an unusual rate');
  const language = track.text(ID.language, 'eng').trim().slice(0, 35).toLowerCase();
  const title = track.text(ID.name, '').trim().slice(0, 500);
  const named = {
    index,
    language: language && language !== 'und' && language !== 'unk' ? language : null,
    title: title || null,
    default: track.number(ID.flagDefault, 1) === 1,
  };
  switch (track.number(ID.trackType, 0)) {
    case VIDEO:
      streams.video.push({ ...picture(head), ...named, bitrate: stated });
      break;
    case AUDIO: {
      const { codec, profile, channels, sampleRate, bitrate } = sound(head);
      streams.audio.push({ codec, profile, channels, sampleRate, bitrate: bitrate ?? stated, ...named });
      break;
    }
    case SUBTITLE:
      streams.subtitles.push({ ...subtitle(track, title), ...named });
      break;
    default:
      throw new Unsure('a track of another kind');
  }
}

function picture({ track }: TrackHead): Omit<VideoStream, 'index' | 'language' | 'title' | 'default' | 'bitrate'> {
  const config = track.bytes(ID.codecPrivate);
  const video = new Fields(track.bytes(ID.video) ?? Buffer.alloc(0));
  const codecId = track.text(ID.codecId, '');
  if (!config) throw new Unsure('no configuration');
  const facts =
    codecId === 'V_MPEG4/ISO/AVC'
      ? readAvcConfig(config)
      : codecId === 'V_MPEGH/ISO/HEVC'
        ? readHevcConfig(config)
        : null;
  if (!facts) throw new Unsure(`pictures of ${codecId}`);
  if (video.has(ID.projection) || video.number(ID.stereo, 0) !== 0) throw new Unsure('an unusual projection');
  if (video.number(ID.interlaced, 0) === 1) throw new Unsure('interlaced');
  // What it means depends on ffmpeg's age.
  const crops = [ID.cropTop, ID.cropBottom, ID.cropLeft, ID.cropRight];
  if (crops.some((id) => video.number(id, 0) > 0)) throw new Unsure('cropped');
  const { codec, profile, level, width, height, bitDepth } = facts;
  const frame = track.number(ID.defaultDuration, 0);
  if (frame === 0) throw new Unsure('no rate');
  const frameRate = nearest(NANO, frame, MAX_RATE_PART);
  if (frameRate.num / frameRate.den > MAX_RATE) throw new Unsure('too fast for a film');
  const colour = video.bytes(ID.colour);
  const inContainer = colour ? new Fields(colour).number(ID.transfer, null) : null;
  return {
    ...{ codec, profile, level, width, height, bitDepth, interlaced: false, rotation: 0 },
    sar: shapeOf(video),
    frameRate,
    hdr: hdrOf({ dolby: false, inStream: facts.transfer, inContainer }),
  };
}

/** Pixels by the size at which they are shown; sizes in other units than pixels are ratios all the same. */
function shapeOf(video: Fields): VideoStream['sar'] {
  const [width, height] = [video.number(ID.pixelWidth, 0), video.number(ID.pixelHeight, 0)];
  const [shownWidth, shownHeight] = [video.number(ID.displayWidth, width), video.number(ID.displayHeight, height)];
  if (video.number(ID.displayUnit, 0) >= UNKNOWN_UNIT) throw new Unsure('a display without a size');
  return nearest(height * shownWidth, width * shownHeight, MAX_SHAPE_PART);
}

function sound({ track, block }: TrackHead): SoundFacts {
  const codecId = track.text(ID.codecId, '');
  const config = track.bytes(ID.codecPrivate) ?? Buffer.alloc(0);
  switch (codecId) {
    case 'A_AAC':
      return readAacConfig(config);
    case 'A_FLAC':
      return readFlacHead(config);
    case 'A_OPUS':
      return readOpusHead(config);
    case 'A_AC3':
    case 'A_EAC3':
      if (track.has(ID.encodings)) throw new Unsure('packed frames');
      return readAc3Frame(block?.content ?? Buffer.alloc(0), codecId === 'A_AC3' ? 'ac3' : 'eac3');
    default:
      throw new Unsure(`sound of ${codecId}`);
  }
}

const SUBTITLES: Record<string, { codec: string; form: SubtitleStream['form'] }> = {
  'S_TEXT/UTF8': { codec: 'subrip', form: 'text' },
  'S_TEXT/ASS': { codec: 'ass', form: 'text' },
  'S_TEXT/SSA': { codec: 'ass', form: 'text' },
  'S_HDMV/PGS': { codec: 'hdmv_pgs_subtitle', form: 'image' },
  S_VOBSUB: { codec: 'dvd_subtitle', form: 'image' },
};

function subtitle(
  track: Fields,
  title: string,
): Pick<SubtitleStream, 'codec' | 'form' | 'forced' | 'sdh' | 'external'> {
  const known = SUBTITLES[track.text(ID.codecId, '')];
  if (!known) throw new Unsure('other subtitles');
  return {
    ...known,
    forced: track.number(ID.flagForced, 0) === 1 || /\bforced\b/i.test(title),
    sdh: track.number(ID.flagHearingImpaired, 0) === 1 || /\b(?:sdh|cc)\b/i.test(title),
    external: false,
  };
}
