import { type Box, BoxReader, MalformedBoxes } from './boxes.ts';
import { type Sample, writeSegment } from './fragment.ts';
import { type Packet, readPackets, readTrackHead, type TrackHead } from './packets.ts';

/** Where segments begin in one rendition, in ticks of its own track. */
export interface SegmentGrid {
  kind: 'video' | 'audio';
  /** Segments of the whole film. */
  count: number;
  /** Start of segment k; for k = count the end of the film. */
  start(k: number, timescale: number): number;
  /** How far a packet may lie from its segment's start, in seconds, and still be that start. */
  tolerance: number;
  /** Subtracted from every time, in seconds: the container's start, where ffmpeg did not take it off. */
  origin: number;
  /** Ticks of each packet, where the encoder makes them all alike; null keeps what the source has. */
  frame: number | null;
  /** Whether a segment in which something is missing is not to be handed out: another process makes it whole. */
  unbroken: boolean;
  /** How many packets segment k has, where an encoder follows the grid: it is then whole without the next one. */
  packets: ((k: number) => number) | null;
}

/** Two roundings from an encoder's clock to the track's. */
const CLOCK_ROUNDING_TICKS = 2;

/** Sound that is missing for longer than this is a hole at which a player would stop, or which it would leap over. */
const HOLE_SECONDS = 0.25;

/** A first picture that comes this late leaves a hole before it. Sound must stay beside one that comes a little late. */
const LATE_SECONDS = 0.1;

export type Product = { kind: 'init'; bytes: Buffer } | { kind: 'segment'; k: number; bytes: Buffer };

/** A segment is held whole in memory before it is sent; an honest one of 4K at 100 Mbit/s is 125 MB in 10 s. */
const MAX_SEGMENT_BYTES = 256 * 1024 * 1024;

/**
 * Makes segments out of what one ffmpeg writes (`frag_every_frame`: a moof and an mdat per packet), from
 * segment `first` on. What segment k holds does not depend on `first`: packets before its boundary are
 * dropped, times are the grid's own.
 */
export class Segmenter {
  readonly #grid: SegmentGrid;
  readonly #reader = new BoxReader();
  #header: Buffer[] = [];
  #track: TrackHead | null = null;
  #moof: Box | null = null;
  #packets: Packet[] = [];
  #bytes = 0;
  #k: number;

  constructor(grid: SegmentGrid, first: number) {
    this.#grid = grid;
    this.#k = first;
  }

  /** The segment that is being filled. */
  get current(): number {
    return this.#k;
  }

  /** What became whole with this chunk. Throws MalformedBoxes for garbage. */
  push(chunk: Buffer): Product[] {
    const products: Product[] = [];
    for (const box of this.#reader.push(chunk)) this.#take(box, products);
    return products;
  }

  /** ffmpeg has ended well: what is left is the last segment it could make; unless `partial`, only if it is whole. */
  flush(partial: boolean): Product[] {
    const products: Product[] = [];
    if (this.#packets.length > 0 && (partial || !this.#lacksEnd())) this.#finish(null, products);
    return products;
  }

  #take(box: Box, products: Product[]): void {
    switch (box.type) {
      case 'ftyp':
        this.#header = [box.bytes];
        return;
      case 'moov':
        this.#track = readTrackHead(box);
        products.push({ kind: 'init', bytes: Buffer.concat([...this.#header, box.bytes]) });
        return;
      case 'moof':
        this.#moof = box;
        return;
      case 'mdat':
        if (!this.#moof || !this.#track) throw new MalformedBoxes('an mdat before its moof or moov');
        for (const packet of readPackets(this.#moof, box, this.#track)) this.#add(packet, this.#track, products);
        this.#moof = null;
        return;
      default:
        return;
    }
  }

  #add(raw: Packet, track: TrackHead, products: Product[]): void {
    const grid = this.#grid;
    const slack = grid.tolerance * track.timescale;
    const origin = Math.round(grid.origin * track.timescale);
    const packet = { ...raw, dts: raw.dts - origin, pts: raw.pts - origin };
    // With negative offsets allowed, a keyframe is decoded when it is shown, but for ffmpeg's rounding.
    if (Math.abs(packet.pts - packet.dts) <= CLOCK_ROUNDING_TICKS) packet.dts = packet.pts;
    // An encoder pads its last frame out; the grid says where the film ends.
    if (grid.frame !== null && packet.pts >= grid.start(grid.count, track.timescale) - slack) return;
    const starts = grid.kind === 'audio' || packet.key;
    while (starts && this.#k + 1 < grid.count && packet.pts >= grid.start(this.#k + 1, track.timescale) - slack) {
      this.#finish(packet, products);
    }
    if (this.#k >= grid.count) return;
    if (this.#packets.length === 0) {
      // Pictures before zero are the film's first: another program may have read its start a little differently.
      const early = packet.pts < grid.start(this.#k, track.timescale) - slack;
      if (!starts || (early && !(grid.kind === 'video' && this.#k === 0))) return;
    }
    this.#bytes += packet.data.length;
    if (this.#bytes > MAX_SEGMENT_BYTES) throw new MalformedBoxes(`a segment of ${this.#bytes} bytes`);
    this.#packets.push(packet);
    if (grid.packets?.(this.#k) === this.#packets.length) this.#finish(null, products);
  }

  /** Closes the current segment before `next`, or at the end. One without packets is skipped: it cannot be made. */
  #finish(next: Packet | null, products: Product[]): void {
    const [first] = this.#packets;
    const track = this.#track;
    if (first && track && !this.#hasHole(track, next)) {
      if (this.#k === 0 && this.#grid.kind === 'video') settleBeginning(this.#packets, LATE_SECONDS * track.timescale);
      const shift = this.#shift(this.#k, first, track);
      const samples = this.#packets.map((packet, i) => this.#sample(packet, this.#packets[i + 1], track));
      const last = samples.at(-1);
      if (last) last.duration = this.#lastDuration(last.duration, shift, next, track);
      products.push({ kind: 'segment', k: this.#k, bytes: this.#write(first.dts + shift, samples) });
    }
    this.#k++;
    this.#packets = [];
    this.#bytes = 0;
  }

  /** Whether copied sound is missing for a while in the current segment: at its beginning, or between two packets. */
  #hasHole({ timescale }: TrackHead, next: Packet | null): boolean {
    if (!this.#grid.unbroken) return false;
    let end = this.#grid.start(this.#k, timescale);
    const edge = next ? [{ pts: Math.min(next.pts, this.#grid.start(this.#k + 1, timescale)), duration: 0 }] : [];
    for (const { pts, duration } of [...this.#packets, ...edge]) {
      if (pts - end > HOLE_SECONDS * timescale) return true;
      end = pts + duration;
    }
    return false;
  }

  /** Whether the current segment, behind which nothing comes, ends before it should. */
  #lacksEnd(): boolean {
    const { packets, unbroken } = this.#grid;
    if (packets) return packets(this.#k) !== this.#packets.length;
    const last = this.#packets.at(-1);
    if (!unbroken || !last || !this.#track) return false;
    const { timescale } = this.#track;
    return this.#grid.start(this.#k + 1, timescale) - last.pts - last.duration > HOLE_SECONDS * timescale;
  }

  #write(decodeTime: number, samples: readonly Sample[]): Buffer {
    try {
      return writeSegment(this.#k + 1, Math.max(0, decodeTime), samples);
    } catch (error) {
      // Times that leap by days do not fit into a fragment.
      if (error instanceof RangeError) throw new MalformedBoxes('times that no film has');
      throw error;
    }
  }

  /** What moves a segment's times onto the grid: containers round to milliseconds, ffmpeg to its own clocks. */
  #shift(k: number, first: Packet, track: TrackHead): number {
    // The first picture may really come a little after the film's start, and sound must stay beside it.
    if (k === 0) return 0;
    const off = this.#grid.start(k, track.timescale) - first.pts;
    return Math.abs(off) <= this.#grid.tolerance * track.timescale ? off : 0;
  }

  #sample(packet: Packet, next: Packet | undefined, track: TrackHead): Sample {
    const offset = packet.pts - packet.dts;
    const { key, data } = packet;
    if (this.#grid.frame !== null) return { duration: this.#grid.frame, offset, key, data };
    const gap = next ? next.dts - packet.dts : packet.duration;
    // Sound out of Matroska comes with times in whole milliseconds: its frames are all alike nevertheless.
    const rounding = this.#grid.kind === 'audio' && Math.abs(gap - packet.duration) <= track.timescale / 1000 + 1;
    return { duration: Math.max(0, rounding ? packet.duration : gap), offset, key, data };
  }

  /** The last packet reaches exactly to where the next segment begins, whoever makes that one. */
  #lastDuration(own: number, shift: number, next: Packet | null, track: TrackHead): number {
    const [first] = this.#packets;
    const last = this.#packets.at(-1);
    if (this.#grid.frame !== null || this.#grid.kind === 'audio' || !first || !last) return own;
    const end = next
      ? next.dts + this.#shift(this.#k + 1, next, track)
      : this.#grid.start(this.#k + 1, track.timescale) - (first.pts - first.dts);
    const duration = end - (last.dts + shift);
    // In a film that breaks off the end is far: a hole of more than a frame is not papered over.
    const whole = next !== null || this.#grid.packets?.(this.#k) === this.#packets.length;
    return duration > 0 && (whole || Math.abs(duration - own) <= own) ? duration : own;
  }
}

/**
 * The pictures of a film's first segment begin at 0: the first stands until the second where it comes late, and those
 * before 0, which are only there to be decoded, pass within the blink of an eye. Else a player would begin with a hole.
 */
function settleBeginning(packets: Packet[], late: number): void {
  const [first] = packets;
  if (!first) return;
  const early = packets.filter(({ pts }) => pts < 0).toSorted((a, b) => a.pts - b.pts);
  if (early.length === 0) {
    if (first.pts === first.dts && first.pts > late) first.dts = first.pts = 0;
    return;
  }
  const ranks = new Map(early.map((packet, rank) => [packet, rank]));
  for (const [i, packet] of packets.entries()) {
    packet.dts = Math.max(packet.dts, i < early.length ? i : early.length);
    packet.pts = Math.max(packet.pts, ranks.get(packet) ?? early.length);
  }
}
