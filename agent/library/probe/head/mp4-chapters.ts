import type { MediaInfo } from '../../../../shared/media/media-info.ts';
import { boxAt, boxesIn, needBox } from './boxes.ts';
import type { HeadBytes } from './head-bytes.ts';
import { Unsure } from './unsure.ts';

type Chapter = MediaInfo['chapters'][number];

const MAX_CHAPTERS = 500;
const MAX_TITLE = 500;

/** Nero's clock: 100 ns. */
const UNITS_PER_MS = 10_000;

/** Nero's list in a `chpl`: at most 255 chapters with short titles. */
export function readNeroChapters(chpl: Buffer): Chapter[] {
  let at = chpl[0] === 0 ? 4 : 8;
  const count = chpl.readUInt8(at++);
  const chapters: Chapter[] = [];
  for (let i = 0; i < count; i++) {
    const start = Number(chpl.readBigUInt64BE(at));
    const length = chpl.readUInt8(at + 8);
    at += 9;
    if (at + length > chpl.length) throw new Unsure('a torn list of chapters');
    const title = chpl.toString('utf8', at, at + length);
    chapters.push({ startMs: Math.round(start / UNITS_PER_MS), title: title || null });
    at += length;
  }
  return chapters;
}

/** Ids of the tracks that others name as their chapters. Any other reference is not known here. */
export function chapterTracksOf(trak: Buffer): number[] {
  const references = boxAt(trak, 'tref');
  if (!references) return [];
  return boxesIn(references).flatMap(({ type, payload }) => {
    if (type !== 'chap') throw new Unsure(`a reference of ${type}`);
    return Array.from({ length: Math.floor(payload.length / 4) }, (_, i) => payload.readUInt32BE(i * 4));
  });
}

/** QuickTime's chapters: a track of text, of which each sample is a title that begins where its sample does. */
export function readChapterTrack(file: HeadBytes, stbl: Buffer, scale: number): Chapter[] {
  const times = startsOf(needBox(stbl, 'stts'));
  const sizes = sizesOf(needBox(stbl, 'stsz'));
  if (times.length !== sizes.length) throw new Unsure('tables that disagree');
  const places = placesOf(stbl, sizes);
  return times.map((time, i) => ({
    startMs: Math.round((time * 1000) / scale),
    title: titleOf(file.at(places[i] as number, sizes[i] as number)),
  }));
}

function startsOf(stts: Buffer): number[] {
  const starts: number[] = [];
  let time = 0;
  for (let entry = 0; entry < stts.readUInt32BE(4); entry++) {
    const n = stts.readUInt32BE(8 + entry * 8);
    const delta = stts.readInt32BE(12 + entry * 8);
    if (delta < 0 || starts.length + n > MAX_CHAPTERS) throw new Unsure('chapters without end');
    for (let i = 0; i < n; i++, time += delta) starts.push(time);
  }
  return starts;
}

function sizesOf(stsz: Buffer): number[] {
  const each = stsz.readUInt32BE(4);
  const count = stsz.readUInt32BE(8);
  if (count > MAX_CHAPTERS) throw new Unsure('chapters without end');
  return Array.from({ length: count }, (_, i) => (each > 0 ? each : stsz.readUInt32BE(12 + i * 4)));
}

/** Where each sample lies: chunks, and how many samples the chunks from each on have. */
function placesOf(stbl: Buffer, sizes: readonly number[]): number[] {
  const short = boxAt(stbl, 'stco');
  const table = short ?? needBox(stbl, 'co64');
  const chunkAt = (i: number) => (short ? table.readUInt32BE(8 + i * 4) : Number(table.readBigUInt64BE(8 + i * 8)));
  const stsc = needBox(stbl, 'stsc');
  const places: number[] = [];
  let run = 0;
  for (let chunk = 0; chunk < table.readUInt32BE(4) && places.length < sizes.length; chunk++) {
    while (run + 1 < stsc.readUInt32BE(4) && stsc.readUInt32BE(8 + (run + 1) * 12) <= chunk + 1) run++;
    let at = chunkAt(chunk);
    const samples = stsc.readUInt32BE(12 + run * 12);
    for (let i = 0; i < samples && places.length < sizes.length; i++) {
      const size = sizes[places.length] as number;
      places.push(at);
      at += size;
    }
  }
  if (places.length < sizes.length) throw new Unsure('tables that disagree');
  return places;
}

/** Two bytes of length, then UTF-8, or UTF-16 behind a byte order mark. */
function titleOf(sample: Buffer): string | null {
  const length = sample.readUInt16BE(0);
  if (length > sample.length - 2) throw new Unsure('a torn title');
  const text = sample.subarray(2, 2 + length);
  const mark = text.length >= 2 ? text.readUInt16BE(0) : 0;
  if (mark === 0xfeff || mark === 0xfffe) throw new Unsure('a title in UTF-16');
  return text.toString('utf8').slice(0, MAX_TITLE) || null;
}
