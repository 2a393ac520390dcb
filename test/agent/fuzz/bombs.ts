/** Small files that ask for much: each is a container whose shape, not its damage, is the attack. */
export interface Bomb {
  name: string;
  format: 'mp4' | 'mkv' | 'segments';
  make(): Buffer;
}

const MEGABYTE = 1024 * 1024;
const FTYP = box('ftyp', Buffer.from('isom\0\0\0\0isom', 'latin1'));

export const BOMBS: readonly Bomb[] = [
  { name: 'a moov of four million empty boxes', format: 'mp4', make: () => film(box('moov', boxes(32 * MEGABYTE))) },
  { name: 'a moov within a moov, ten thousand times', format: 'mp4', make: () => film(nested('moov', 10_000)) },
  { name: 'a track within a track', format: 'mp4', make: () => film(box('moov', nested('trak', 10_000))) },
  {
    name: 'a table of eight million keyframes',
    format: 'mp4',
    make: () => film(track(runs([[0xffff_ffff, 1]]), table('stss', 8_000_000, 4))),
  },
  {
    name: 'every sample a keyframe, four thousand million of them',
    format: 'mp4',
    make: () => film(track(runs([[0xffff_ffff, 1]]), Buffer.alloc(0))),
  },
  {
    name: 'two million runs of nothing',
    format: 'mp4',
    make: () => film(track(table('stts', 2_000_000, 8), table('stss', 1000, 4))),
  },
  {
    name: 'an edit list of a million edits',
    format: 'mp4',
    make: () => film(track(runs([[10, 1]]), Buffer.alloc(0), table('elst', 1_000_000, 12))),
  },
  { name: 'a thousand boxes of no size', format: 'mp4', make: () => Buffer.concat([FTYP, Buffer.alloc(8000)]) },
  {
    name: 'tracks of sixteen million empty elements',
    format: 'mkv',
    make: () => matroska(element('1654ae6b', Buffer.alloc(32 * MEGABYTE, Buffer.from('ec80', 'hex'))), CUES),
  },
  {
    name: 'three million cues',
    format: 'mkv',
    make: () =>
      matroska(TRACKS, element('1c53bb6b', Buffer.alloc(33_000_000, Buffer.from('bb89b38100b784f78101', 'hex')))),
  },
  {
    name: 'a seek head that leads to itself',
    format: 'mkv',
    make: () =>
      matroska(element('114d9b74', element('4dbb', element('53ab', hex('1c53bb6b')), element('53ac', hex('00'))))),
  },
  { name: 'cues within cues', format: 'mkv', make: () => matroska(TRACKS, nestedElement('1c53bb6b', 5000)) },
  {
    name: 'elements of unknown length within each other',
    format: 'mkv',
    make: () => matroska(TRACKS, Buffer.alloc(200_000, hex('1c53bb6b01ffffffffffffff'))),
  },
  {
    name: 'a fragment of four million empty boxes',
    format: 'segments',
    make: () => Buffer.concat([FTYP, INIT, box('moof', boxes(32 * MEGABYTE)), box('mdat')]),
  },
  {
    name: 'a run of samples without bytes',
    format: 'segments',
    make: () =>
      Buffer.concat([FTYP, INIT, ...Array.from({ length: 300 }, () => [emptyRun(99_999), box('mdat')]).flat()]),
  },
];

const film = (...parts: Buffer[]) => Buffer.concat([FTYP, ...parts]);
const hex = (text: string) => Buffer.from(text, 'hex');

export function box(type: string, ...payload: Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(
    payload.reduce((sum, part) => sum + part.length, 8),
    0,
  );
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...payload]);
}

/** As many empty boxes as fit. */
function boxes(bytes: number): Buffer {
  return Buffer.alloc(bytes, box('free'));
}

function nested(type: string, depth: number): Buffer {
  let inside: Buffer = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) inside = box(type, inside);
  return inside;
}

/** A table that is as long as it says, all zero but for its count. */
function table(type: string, count: number, entryBytes: number): Buffer {
  const payload = Buffer.alloc(8 + count * entryBytes);
  payload.writeUInt32BE(count, 4);
  return box(type, payload);
}

function runs(entries: readonly (readonly [number, number])[]): Buffer {
  const payload = Buffer.alloc(8 + entries.length * 8);
  payload.writeUInt32BE(entries.length, 4);
  entries.forEach(([count, delta], i) => {
    payload.writeUInt32BE(count, 8 + i * 8);
    payload.writeUInt32BE(delta, 12 + i * 8);
  });
  return box('stts', payload);
}

/** Timescale 1000 in both headers, which have it at different places. */
function header(type: 'mvhd' | 'mdhd'): Buffer {
  const payload = Buffer.alloc(100);
  payload.writeUInt32BE(1000, 12);
  return box(type, payload);
}

function track(stts: Buffer, stss: Buffer, elst?: Buffer): Buffer {
  const media = box('mdia', header('mdhd'), box('minf', box('stbl', stts, stss)));
  return box('moov', header('mvhd'), box('trak', ...(elst ? [box('edts', elst)] : []), media));
}

const INIT = box(
  'moov',
  header('mvhd'),
  box('trak', box('mdia', header('mdhd'))),
  box('mvex', box('trex', Buffer.alloc(24))),
);

function emptyRun(count: number): Buffer {
  const trun = Buffer.alloc(8);
  trun.writeUInt32BE(count, 4);
  return box('moof', box('traf', box('tfhd', Buffer.alloc(8)), box('tfdt', Buffer.alloc(8)), box('trun', trun)));
}

function element(id: string, ...payload: Buffer[]): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(payload.reduce((sum, part) => sum + part.length, 0)));
  size[0] = 0x01;
  return Buffer.concat([hex(id), size, ...payload]);
}

function nestedElement(id: string, depth: number): Buffer {
  let inside: Buffer = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) inside = element(id, inside);
  return inside;
}

const CUES = element('1c53bb6b', hex('bb89b38100b784f78101'));
const TRACKS = element('1654ae6b', element('ae', element('d7', hex('01'))));
const matroska = (...parts: Buffer[]) =>
  Buffer.concat([element('1a45dfa3', element('4282', Buffer.from('matroska'))), element('18538067', ...parts)]);
