import { elementsIn, Fields, numberAt, type Place, placeAt, text, unsigned } from './ebml.ts';
import type { HeadBytes } from './head-bytes.ts';
import { ID } from './mkv-ids.ts';
import { Unsure } from './unsure.ts';

/** What describes a Matroska file, each part read once. */
export interface MkvParts {
  info: Buffer;
  tracks: Buffer;
  chapters: Buffer | null;
  tags: Buffer[];
  cluster: Place;
}

const MAX_TOP_ELEMENTS = 100;
/** The first block of every track lies within this of the first cluster, or the file is left to ffprobe. */
const MAX_BLOCKS = 400;
const MAX_PART_BYTES = 8 * 1024 * 1024;

/** Reads what lies before the first cluster and what the seek head names behind it, as FFmpeg does. */
export function findParts(file: HeadBytes): MkvParts {
  const ebml = placeAt(file, 0);
  const segment = ebml?.id === ID.ebml ? placeAt(file, ebml.end) : null;
  if (segment?.id !== ID.segment) throw new Unsure('no segment');
  const parts = new Map<number, Buffer[]>();
  const seen = new Set<number>();
  const wanted: number[] = [];
  const take = (place: Place) => {
    if (seen.has(place.start)) return;
    seen.add(place.start);
    if (place.end - place.start > MAX_PART_BYTES) throw new Unsure('a part too great');
    const payload = file.at(place.start, place.end - place.start);
    parts.set(place.id, [...(parts.get(place.id) ?? []), payload]);
    if (place.id === ID.seekHead) wanted.push(...seekPositions(payload).map((at) => segment.start + at));
  };
  let cluster: Place | null = null;
  for (let at = segment.start, i = 0; i < MAX_TOP_ELEMENTS && !cluster; i++) {
    const place = placeAt(file, at);
    if (!place) break;
    if (place.id === ID.cluster) cluster = place;
    else if (PARTS.has(place.id)) take(place);
    at = place.end;
  }
  for (const at of wanted.slice(0, MAX_TOP_ELEMENTS)) {
    const place = placeAt(file, at);
    if (place && PARTS.has(place.id) && place.id !== ID.seekHead) take(place);
  }
  const [info, ...infos] = parts.get(ID.info) ?? [];
  const [tracks, ...trackses] = parts.get(ID.tracks) ?? [];
  const [chapters, ...chapterses] = parts.get(ID.chapters) ?? [];
  if (!info || !tracks || !cluster) throw new Unsure('a part is missing');
  if (infos.length + trackses.length + chapterses.length > 0) throw new Unsure('a part twice');
  return { info, tracks, chapters: chapters ?? null, tags: parts.get(ID.tags) ?? [], cluster };
}

const PARTS = new Set<number>([ID.seekHead, ID.info, ID.tracks, ID.chapters, ID.tags]);

function seekPositions(seekHead: Buffer): number[] {
  return elementsIn(seekHead).flatMap((seek) => {
    if (seek.id !== ID.seek) return [];
    const fields = new Fields(seek.payload);
    return PARTS.has(fields.number(ID.seekId, 0)) ? [fields.number(ID.seekPosition, 0)] : [];
  });
}

export interface FirstBlock {
  /** In units of the file's clock. */
  time: number;
  /** The block's first bytes of content. */
  content: Buffer;
}

const MAX_CONTENT_BYTES = 64;

/** The first block of each of these tracks (by number) in the first cluster. */
export function firstBlocks(file: HeadBytes, cluster: Place, tracks: ReadonlySet<number>): Map<number, FirstBlock> {
  const found = new Map<number, FirstBlock>();
  let time: number | null = null;
  const end = Math.min(cluster.end, file.size);
  for (let at = cluster.start, i = 0; at < end && i < MAX_BLOCKS && found.size < tracks.size; i++) {
    const place = placeAt(file, at);
    if (!place || place.id === ID.cluster) break;
    const bytes = () => file.at(place.start, Math.min(place.end, end) - place.start);
    if (place.id === ID.clusterTime) time = unsigned(bytes());
    const block = place.id === ID.simpleBlock ? place : place.id === ID.blockGroup ? blockIn(file, place) : null;
    if (block) {
      const head = file.at(block.start, Math.min(MAX_CONTENT_BYTES, block.end - block.start, file.size - block.start));
      const { value: track, length } = numberAt(head, 0);
      if (time === null) throw new Unsure('a cluster without a time');
      if (tracks.has(track) && !found.has(track)) {
        // The two bits tell lacing: several frames in one block.
        const content = head.readUInt8(length + 2) & 0x06 ? Buffer.alloc(0) : head.subarray(length + 3);
        found.set(track, { time: time + head.readInt16BE(length), content });
      }
    }
    at = place.end;
  }
  return found;
}

function blockIn(file: HeadBytes, group: Place): Place | null {
  for (let at = group.start, i = 0; at < group.end && i < MAX_TOP_ELEMENTS; i++) {
    const place = placeAt(file, at);
    if (!place || place.id === ID.block) return place;
    at = place.end;
  }
  return null;
}

/** Chapters of the one edition: those that begin later than all before them, as FFmpeg takes them. */
export function readChapters(chapters: Buffer | null): { startMs: number; title: string | null }[] {
  const editions = (chapters ? elementsIn(chapters) : []).filter(({ id }) => id === ID.edition);
  if (editions.length > 1) throw new Unsure('several editions');
  const list: { startMs: number; title: string | null }[] = [];
  let last = 0;
  for (const { id, payload } of editions[0] ? elementsIn(editions[0].payload) : []) {
    if (id !== ID.chapter) continue;
    const fields = new Fields(payload);
    const start = fields.number(ID.chapterStart, null);
    if (start === null || !fields.key(ID.chapterUid)) throw new Unsure('a chapter without a start');
    const display = fields.bytes(ID.chapterDisplay);
    const title = display ? new Fields(display).text(ID.chapterTitle, '') : '';
    if (last === 0 || start > last) {
      list.push({ startMs: Math.round(start / 1e6), title: title.slice(0, 500) || null });
      last = start;
    }
  }
  return list;
}

/** Tags of tracks by their key, and of the whole file under the empty one: by name, the last of each name. */
export function readTags(parts: readonly Buffer[]): Map<string, Map<string, string>> {
  const tags = new Map<string, Map<string, string>>();
  for (const { id, payload } of parts.flatMap(elementsIn)) {
    if (id !== ID.tag) continue;
    const children = elementsIn(payload);
    const targets = children.find((child) => child.id === ID.targets);
    const of = new Fields(targets?.payload ?? Buffer.alloc(0));
    if ([ID.targetEdition, ID.targetChapter, ID.targetAttachment].some((target) => of.key(target))) continue;
    const track = of.key(ID.targetTrack);
    const named = tags.get(track) ?? new Map<string, string>();
    tags.set(track, named);
    for (const child of children) {
      if (child.id !== ID.simpleTag) continue;
      const fields = new Fields(child.payload);
      const language = fields.text(ID.tagLanguage, 'und');
      const name = fields.text(ID.tagName, '');
      const value = fields.bytes(ID.tagText);
      if (name && value) named.set(language === 'und' ? name : `${name}-${language}`, text(value));
    }
  }
  return tags;
}
