import { type ByteSource, MAX_KEYFRAMES, UnreadableIndex } from './byte-source.ts';

/** Elements of Matroska that lead to the cues; ids with their length marker. */
const ID = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cluster: 0x1f43b675,
} as const;

/** Elements at the segment's top that are looked at before giving up. */
const MAX_TOP_ELEMENTS = 200;
/** What describes a film beside its cues is some kilobytes; walking through more would hold up everybody's film. */
const MAX_DESCRIPTION_BYTES = 4 * 1024 * 1024;
/** Header of an element: four bytes of id, eight of size. */
const MAX_HEADER_BYTES = 12;

interface Element {
  id: number;
  /** First byte of the payload, and one past the last. */
  start: number;
  end: number;
}

/**
 * Times of the cues of stream number `stream` (in the file's order), in seconds of the container's own clock,
 * rising. Only what leads to the cues is read. Throws UnreadableIndex where there are none.
 */
export async function readMkvKeyframes(source: ByteSource, stream: number): Promise<number[]> {
  const found = await findElements(source);
  const scale = found.info ? numberIn(found.info, ID.timestampScale, 1_000_000) : 1_000_000;
  const track = trackNumber(found.tracks, stream);
  const times = cueTimes(found.cues, track).map((time) => (time * scale) / 1e9);
  if (times.length === 0) throw new UnreadableIndex('no cues of this track');
  return [...new Set(times)].sort((a, b) => a - b);
}

async function findElements(source: ByteSource): Promise<{ info: Buffer | null; tracks: Buffer; cues: Buffer }> {
  const ebml = await elementAt(source, 0);
  if (ebml?.id !== ID.ebml) throw new UnreadableIndex('not Matroska');
  const segment = await elementAt(source, ebml.end);
  if (segment?.id !== ID.segment) throw new UnreadableIndex('no segment');
  let info: Buffer | null = null;
  let tracks: Buffer | null = null;
  let cues: Buffer | null = null;
  let cuesAt: number | null = null;
  let at = segment.start;
  for (let i = 0; i < MAX_TOP_ELEMENTS && at < segment.end; i++) {
    const element = await elementAt(source, at);
    if (!element) break;
    const payload = () => {
      const length = element.end - element.start;
      if (element.id !== ID.cues && length > MAX_DESCRIPTION_BYTES) throw new UnreadableIndex('a long description');
      return source.read(element.start, length);
    };
    if (element.id === ID.info) info = await payload();
    else if (element.id === ID.tracks) tracks = await payload();
    else if (element.id === ID.cues) cues = await payload();
    else if (element.id === ID.seekHead) cuesAt = seekPosition(await payload(), ID.cues) ?? cuesAt;
    // What describes the file lies before the first cluster; the cues mostly behind the last, where the
    // seek head says.
    if (element.id === ID.cluster || (info && tracks && (cues || cuesAt !== null))) break;
    at = element.end;
  }
  if (!cues && cuesAt !== null) {
    const element = await elementAt(source, segment.start + cuesAt);
    if (element?.id === ID.cues) cues = await source.read(element.start, element.end - element.start);
  }
  if (!tracks || !cues) throw new UnreadableIndex('no cues');
  return { info, tracks, cues };
}

async function elementAt(source: ByteSource, offset: number): Promise<Element | null> {
  if (offset >= source.size) return null;
  const bytes = await source.read(offset, MAX_HEADER_BYTES);
  const head = header(bytes, 0);
  if (!head) return null;
  const start = offset + head.length;
  return { id: head.id, start, end: head.size === null ? source.size : Math.min(source.size, start + head.size) };
}

/** Id, payload size (null is unknown) and header length of the element at `at`; null for torn or invalid bytes. */
function header(bytes: Buffer, at: number): { id: number; size: number | null; length: number } | null {
  const idLength = Math.clz32(bytes[at] ?? 0) - 23;
  if (idLength > 4 || at + idLength >= bytes.length) return null;
  const id = bytes.readUIntBE(at, idLength);
  const first = bytes[at + idLength] ?? 0;
  const sizeLength = Math.clz32(first) - 23;
  if (sizeLength > 8 || at + idLength + sizeLength > bytes.length) return null;
  let size = first & (0xff >> sizeLength);
  let unknown = size === 0xff >> sizeLength;
  for (let i = 1; i < sizeLength; i++) {
    const byte = bytes[at + idLength + i] ?? 0;
    unknown &&= byte === 0xff;
    size = size * 256 + byte;
  }
  return { id, size: unknown ? null : size, length: idLength + sizeLength };
}

/** The elements of a payload in memory; stops at the first torn one. */
function* elements(bytes: Buffer): Generator<{ id: number; payload: Buffer }> {
  let at = 0;
  while (at < bytes.length) {
    const head = header(bytes, at);
    if (!head) return;
    const start = at + head.length;
    const end = head.size === null ? bytes.length : start + head.size;
    if (end > bytes.length) return;
    yield { id: head.id, payload: bytes.subarray(start, end) };
    at = end;
  }
}

function numberOf(payload: Buffer): number {
  let value = 0;
  for (const byte of payload.subarray(0, 8)) value = value * 256 + byte;
  return value;
}

function numberIn(parent: Buffer, id: number, otherwise: number): number {
  for (const element of elements(parent)) if (element.id === id) return numberOf(element.payload);
  return otherwise;
}

function seekPosition(seekHead: Buffer, wanted: number): number | null {
  for (const { id, payload } of elements(seekHead)) {
    if (id === ID.seek && numberIn(payload, ID.seekId, 0) === wanted) return numberIn(payload, ID.seekPosition, 0);
  }
  return null;
}

function trackNumber(tracks: Buffer, stream: number): number {
  let before = 0;
  for (const { id, payload } of elements(tracks)) {
    if (id === ID.trackEntry && before++ === stream) return numberIn(payload, ID.trackNumber, stream + 1);
  }
  throw new UnreadableIndex('no such track');
}

function cueTimes(cues: Buffer, track: number): number[] {
  const times: number[] = [];
  for (const { id, payload } of elements(cues)) {
    if (id !== ID.cuePoint) continue;
    let time: number | null = null;
    let ours = false;
    for (const part of elements(payload)) {
      if (part.id === ID.cueTime) time = numberOf(part.payload);
      if (part.id === ID.cueTrackPositions) ours ||= numberIn(part.payload, ID.cueTrack, 0) === track;
    }
    if (time !== null && ours && times.push(time) > MAX_KEYFRAMES) throw new UnreadableIndex('cues without end');
  }
  return times;
}
