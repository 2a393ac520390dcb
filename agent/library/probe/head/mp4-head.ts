import type { AudioStream, MediaInfo, SubtitleStream, VideoStream } from '../../../../shared/media/media-info.ts';
import { EARLY_END_MS } from '../length.ts';
import { type Box, boxAt, boxesIn, findMoov, needBox } from './boxes.ts';
import { readAvcConfig } from './h264.ts';
import type { Head } from './head.ts';
import type { HeadBytes } from './head-bytes.ts';
import { readHevcConfig } from './hevc.ts';
import { hdrOf } from './light.ts';
import { chapterTracksOf, readChapterTrack, readNeroChapters } from './mp4-chapters.ts';
import { type SampleSums, sumSamples } from './mp4-samples.ts';
import { readMp4Tags } from './mp4-tags.ts';
import { nearest } from './rational.ts';
import { readAacConfig, readAc3Frame, type SoundFacts } from './sound.ts';
import { Unsure } from './unsure.ts';

/** Streams in the words of the protocol, by what they are. */
export type HeadStreams = Pick<MediaInfo, 'video' | 'audio' | 'subtitles'>;

const ENABLED = 1;
const MAX_INT32 = 2 ** 31 - 1;
/** FFmpeg's microseconds. */
const CLOCK = 1_000_000;
/** A visual sample entry's own fields, and a sound's of version 0. */
const VISUAL_FIELDS = 78;
const SOUND_FIELDS = 28;

/**
 * What an MP4 or MOV says in its `moov`: exactly what ffprobe would say, or Unsure (fragments, several edits,
 * tags on tracks, codecs whose frames tell more than their configuration).
 */
export function readMp4Head(file: HeadBytes, extension: string): Head {
  const moov = findMoov(file);
  const parts = boxesIn(moov);
  if (parts.some(({ type }) => type === 'mvex' || type === 'cmov')) throw new Unsure('fragments');
  // A cover becomes a stream where FFmpeg meets it: before the tracks it would move their numbers.
  const order = parts.map(({ type }) => type);
  const tagsAt = order.findIndex((type) => type === 'udta' || type === 'meta');
  if (tagsAt >= 0 && tagsAt < order.lastIndexOf('trak')) throw new Unsure('tags before tracks');
  const { scale, duration } = clockOf(needBox(moov, 'mvhd'));
  const micros = Math.round((duration * CLOCK) / scale);
  if (!(micros > 0)) throw new Unsure('no duration');
  const streams: HeadStreams = { video: [], audio: [], subtitles: [] };
  const traks = parts.filter(({ type }) => type === 'trak').map(({ payload }) => payload);
  const titles = new Set(traks.flatMap(chapterTracksOf));
  const isTitles = (trak: Buffer) => titles.has(trackIdOf(needBox(trak, 'tkhd')));
  const starts = traks.map((trak, index) =>
    isTitles(trak)
      ? null
      : readTrack({ file, trak, index, movieScale: scale, movieSeconds: duration / scale }, streams),
  );
  if (streams.video.length + streams.audio.length === 0 || !starts.includes(0)) throw new Unsure('a late start');
  const media: MediaInfo = {
    container: extension === 'mov' || extension === 'qt' ? 'mov' : 'mp4',
    durationMs: Math.round(micros / 1000),
    startTime: 0,
    bitrate: Math.floor((file.size * 8 * CLOCK) / micros),
    ...streams,
    chapters: chaptersOf(file, moov, traks.filter(isTitles)),
  };
  return { media, tags: readMp4Tags(moov) };
}

/** Nero's list, and in its place as far as it goes the track of titles: as FFmpeg reads them. */
function chaptersOf(file: HeadBytes, moov: Buffer, tracks: readonly Buffer[]): MediaInfo['chapters'] {
  const chpl = boxAt(moov, 'udta', 'chpl');
  const listed = chpl ? readNeroChapters(chpl) : [];
  const [track, ...others] = tracks;
  if (!track) return listed;
  const edits = boxAt(track, 'edts', 'elst');
  if (others.length > 0 || needBox(track, 'mdia', 'hdlr').toString('latin1', 8, 12) !== 'text')
    throw new Unsure('chapters of another kind');
  if (edits && (edits.readUInt32BE(4) !== 1 || edits[0] === 1 || edits.readInt32BE(12) !== 0))
    throw new Unsure('chapters with edits');
  const { scale } = clockOf(needBox(track, 'mdia', 'mdhd'));
  const told = readChapterTrack(file, needBox(track, 'mdia', 'minf', 'stbl'), scale);
  return [...told, ...listed.slice(told.length)];
}

const trackIdOf = (tkhd: Buffer) => tkhd.readUInt32BE(tkhd[0] === 1 ? 20 : 12);

interface TrackHead {
  file: HeadBytes;
  trak: Buffer;
  index: number;
  /** Units a second of the whole film's clock, in which edits are told. */
  movieScale: number;
  movieSeconds: number;
}

/** Adds the track's stream; gives the second at which it begins, null where it is neither picture nor sound. */
function readTrack({ file, trak, index, movieScale, movieSeconds }: TrackHead, streams: HeadStreams): number | null {
  if (boxAt(trak, 'udta') || boxAt(trak, 'meta')) throw new Unsure('a track with remarks');
  const tkhd = needBox(trak, 'tkhd');
  const mdhd = needBox(trak, 'mdia', 'mdhd');
  const handler = needBox(trak, 'mdia', 'hdlr').toString('latin1', 8, 12);
  const stbl = needBox(trak, 'mdia', 'minf', 'stbl');
  const stsd = needBox(stbl, 'stsd');
  const [entry, ...others] = boxesIn(stsd.subarray(8));
  if (!entry || others.length > 0) throw new Unsure('several descriptions');
  const named = { language: languageOf(mdhd), title: null, default: (tkhd.readUInt8(3) & ENABLED) !== 0 };
  if (handler === 'sbtl' || handler === 'subt' || handler === 'text') {
    streams.subtitles.push({ ...subtitle(entry), index, ...named });
    return null;
  }
  const { scale, duration } = clockOf(mdhd);
  const sums = sumSamples(stbl);
  const length = Math.min(duration, sums.duration);
  if (!(length > 0)) throw new Unsure('no duration');
  if (handler === 'vide' && length / scale < movieSeconds - EARLY_END_MS / 1000) throw new Unsure('an early end');
  const bitrate = Math.floor((sums.bytes * 8 * scale) / length);
  if (handler === 'vide') streams.video.push({ ...picture(entry, tkhd, sums, scale), index, bitrate, ...named });
  else if (handler === 'soun') streams.audio.push({ ...sound(file, entry, stbl), index, bitrate, ...named });
  else throw new Unsure(`a track of ${handler}`);
  return startOf(boxAt(trak, 'edts', 'elst'), sums, movieScale, scale);
}

function clockOf(header: Buffer): { scale: number; duration: number } {
  const long = header[0] === 1;
  const scale = header.readUInt32BE(long ? 20 : 12);
  const duration = long ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  if (scale === 0 || !Number.isSafeInteger(duration) || duration === 0xffffffff) throw new Unsure('no clock');
  return { scale, duration };
}

/** Three letters of five bits. */
function languageOf(mdhd: Buffer): string | null {
  const packed = mdhd.readUInt16BE(mdhd[0] === 1 ? 32 : 20);
  if (packed < 0x400) throw new Unsure("a Macintosh's language");
  const code = [10, 5, 0].map((shift) => String.fromCharCode(((packed >> shift) & 31) + 0x60)).join('');
  return code === 'und' || code === 'unk' || packed === 0x7fff ? null : code;
}

function picture(
  { type, payload }: Box,
  tkhd: Buffer,
  sums: SampleSums,
  scale: number,
): Omit<VideoStream, 'index' | 'bitrate' | 'language' | 'title' | 'default'> {
  const parts = boxesIn(payload.subarray(VISUAL_FIELDS));
  const part = (name: string) => parts.find((box) => box.type === name)?.payload;
  const [avcC, hvcC] = [part('avcC'), part('hvcC')];
  const facts =
    avcC && type === 'avc1' ? readAvcConfig(avcC) : hvcC && /^(?:hvc1|hev1)$/.test(type) ? readHevcConfig(hvcC) : null;
  if (!facts) throw new Unsure(`pictures of ${type}`);
  const { codec, profile, level, width, height, bitDepth } = facts;
  const dolby = parts.some(({ type }) => type === 'dvcC' || type === 'dvvC');
  const colr = part('colr');
  const said = colr && /^ncl[xc]$/.test(colr.toString('latin1', 0, 4)) ? colr.readUInt16BE(6) : null;
  // What it means depends on ffmpeg's age.
  if (part('clap')) throw new Unsure('cropped');
  const pasp = part('pasp');
  const shape = pasp ? nearest(pasp.readUInt32BE(0), pasp.readUInt32BE(4), MAX_INT32) : null;
  return {
    ...{ codec, profile, level, width, height, bitDepth, interlaced: false },
    sar: shape ?? facts.sar ?? { num: 1, den: 1 },
    frameRate: rateOf(sums, scale),
    hdr: hdrOf({ dolby, inStream: facts.transfer, inContainer: said }),
    rotation: rotationOf(tkhd),
  };
}

const MAX_RATE = 300;

function rateOf({ count, duration }: SampleSums, scale: number): { num: number; den: number } {
  const rate = nearest(scale * count, duration, MAX_INT32);
  if (rate.num / rate.den > MAX_RATE) throw new Unsure('too fast for a film');
  return rate;
}

function rotationOf(tkhd: Buffer): number {
  const at = tkhd[0] === 1 ? 52 : 40;
  const [a, b, , c, d] = Array.from({ length: 5 }, (_, i) => tkhd.readInt32BE(at + i * 4) / 65_536);
  const turned = [
    [1, 0, 0, 1],
    [0, 1, -1, 0],
    [-1, 0, 0, -1],
    [0, -1, 1, 0],
  ].findIndex((matrix) => matrix[0] === a && matrix[1] === b && matrix[2] === c && matrix[3] === d);
  if (turned < 0) throw new Unsure('an unusual matrix');
  return turned * 90;
}

const AC3_HEAD_BYTES = 16;

function sound(
  file: HeadBytes,
  { type, payload }: Box,
  stbl: Buffer,
): Omit<AudioStream, 'index' | 'bitrate' | 'language' | 'title' | 'default'> {
  const { codec, profile, channels, sampleRate }: SoundFacts =
    type === 'ac-3' || type === 'ec-3'
      ? readAc3Frame(file.at(firstChunk(stbl), AC3_HEAD_BYTES), type === 'ac-3' ? 'ac3' : 'eac3')
      : readAacConfig(decoderConfig(soundConfig(type, payload)));
  return { codec, profile, channels, sampleRate };
}

/** Where the first sample lies in the file. */
function firstChunk(stbl: Buffer): number {
  const short = boxAt(stbl, 'stco');
  return short ? short.readUInt32BE(8) : Number(needBox(stbl, 'co64').readBigUInt64BE(8));
}

/** QuickTime's version 1 has four fields more, and may wrap the configuration. */
function soundConfig(type: string, payload: Buffer): Buffer {
  const version = payload.readUInt16BE(8);
  if (type !== 'mp4a' || version > 1) throw new Unsure(`sound of ${type}`);
  const parts = payload.subarray(SOUND_FIELDS + version * 16);
  return boxAt(parts, 'esds') ?? needBox(parts, 'wave', 'esds');
}

const MPEG4_AUDIO = 0x40;

/** The AudioSpecificConfig in an `esds`: descriptors nested in descriptors. */
function decoderConfig(esds: Buffer): Buffer {
  let at = 4;
  const descriptor = (tag: number): number => {
    if (esds.readUInt8(at++) !== tag) throw new Unsure('an unusual esds');
    let size = 0;
    for (let i = 0; i < 4; i++) {
      const byte = esds.readUInt8(at++);
      size = size * 128 + (byte & 0x7f);
      if (!(byte & 0x80)) break;
    }
    return size;
  };
  descriptor(3);
  if (esds.readUInt8(at + 2) !== 0) throw new Unsure('an unusual esds');
  at += 3;
  descriptor(4);
  if (esds.readUInt8(at) !== MPEG4_AUDIO) throw new Unsure('another codec');
  at += 13;
  const size = descriptor(5);
  return esds.subarray(at, at + size);
}

function subtitle({ type }: Box): Pick<SubtitleStream, 'codec' | 'form' | 'forced' | 'sdh' | 'external'> {
  if (type !== 'tx3g') throw new Unsure(`text of ${type}`);
  return { codec: 'mov_text', form: 'text', forced: false, sdh: false, external: false };
}

/** Without an edit a track begins with its first sample; with one that begins there, at 0. */
function startOf(elst: Buffer | null, { firstOffset }: SampleSums, movieScale: number, scale: number): number {
  if (!elst || elst.readUInt32BE(4) === 0) {
    if (firstOffset !== 0) throw new Unsure('a late first sample');
    return 0;
  }
  const long = elst[0] === 1;
  const count = elst.readUInt32BE(4);
  const entry = (i: number) =>
    long
      ? { length: Number(elst.readBigUInt64BE(8 + i * 20)), from: Number(elst.readBigInt64BE(16 + i * 20)) }
      : { length: elst.readUInt32BE(8 + i * 12), from: elst.readInt32BE(12 + i * 12) };
  const first = entry(0);
  const late = first.from === -1;
  if (count !== (late ? 2 : 1)) throw new Unsure('several edits');
  const { from } = late ? entry(1) : first;
  if (from < 0 || from > Math.max(firstOffset, scale / 10)) throw new Unsure('an edit that cuts');
  return late ? first.length / movieScale : 0;
}
