import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoxReader, MalformedBoxes } from './boxes.ts';
import { type Sample, writeSegment } from './fragment.ts';
import { readPackets, readTrackHead } from './packets.ts';
import { type Product, Segmenter, type SegmentGrid } from './segmenter.ts';

const box = (type: string, ...payload: Buffer[]) => {
  const body = Buffer.concat(payload);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
};
const words = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeInt32BE(value | 0, i * 4);
  return bytes;
};

/** An init segment of one track at 1000 ticks a second. */
const MOOV = box(
  'moov',
  box('trak', box('mdia', box('mdhd', words(0, 0, 0, 1000, 0)))),
  box('mvex', box('trex', words(0, 1, 1, 0, 0, 0))),
);
const INIT = Buffer.concat([box('ftyp', Buffer.from('iso6')), MOOV]);

const picture = (key: boolean, text: string, offset = 0): Sample => ({
  duration: 100,
  offset,
  key,
  data: Buffer.from(text),
});
/** A fragment of one packet, as ffmpeg writes it: the segment writer without its styp. */
const packet = (time: number, key: boolean, offset = 0) => {
  const segment = writeSegment(1, 0, [picture(key, `p${time}`, offset)]);
  const fragment = Buffer.from(segment.subarray(segment.readUInt32BE(0)));
  fragment.writeBigInt64BE(BigInt(time), fragment.indexOf('tfdt') + 8);
  return fragment;
};

/** Segments of 1 s. */
const grid = (more: Partial<SegmentGrid> = {}): SegmentGrid => ({
  ...{ kind: 'video', count: 4, start: (k) => k * 1000, tolerance: 0.05, origin: 0, frame: null },
  ...{ packets: null, unbroken: false },
  ...more,
});

const feed = (segmenter: Segmenter, ...parts: Buffer[]) => segmenter.push(Buffer.concat(parts));
const names = (products: Product[]) => products.map((product) => (product.kind === 'init' ? 'init' : product.k));

function read(product: Product | undefined) {
  if (product?.kind !== 'segment') throw new Error('no segment');
  const [styp, moof, mdat] = new BoxReader().push(product.bytes);
  const [moov] = new BoxReader().push(MOOV);
  if (styp?.type !== 'styp' || !moof || !mdat || !moov) throw new Error('not a segment');
  return readPackets(moof, mdat, readTrackHead(moov)).map(({ dts, pts, duration, key, data }) => ({
    ...{ dts, pts, duration, key },
    data: data.toString(),
  }));
}

describe('the segmenter', () => {
  it('gives the init segment at once, and each segment when the next one begins', () => {
    const segmenter = new Segmenter(grid(), 0);
    expect(names(feed(segmenter, INIT))).toEqual(['init']);
    expect(names(feed(segmenter, packet(0, true), packet(500, false)))).toEqual([]);
    const [first] = feed(segmenter, packet(1000, true));
    expect(read(first)).toEqual([
      { dts: 0, pts: 0, duration: 500, key: true, data: 'p0' },
      { dts: 500, pts: 500, duration: 500, key: false, data: 'p500' },
    ]);
    expect(names(segmenter.flush(true))).toEqual([1]);
  });

  it('drops what comes before its first boundary, with the pictures that hang on it', () => {
    const segmenter = new Segmenter(grid(), 2);
    const early = [packet(1000, true), packet(1500, false)];
    const [, segment] = feed(segmenter, INIT, ...early, packet(2000, true), packet(2500, false), packet(3000, true));
    expect(read(segment).map(({ data }) => data)).toEqual(['p2000', 'p2500']);
  });

  it('moves times that a container rounded onto the grid, and reaches exactly to the next segment', () => {
    const segmenter = new Segmenter(grid(), 0);
    const [, first, second] = feed(
      segmenter,
      INIT,
      packet(0, true),
      packet(997, true),
      packet(1500, false),
      packet(2004, true),
    );
    expect(read(first)).toMatchObject([{ dts: 0, duration: 1000 }]);
    expect(read(second)).toMatchObject([
      { dts: 1000, pts: 1000 },
      { dts: 1503, duration: 497 },
    ]);
  });

  it('leaves a first picture where it is, since sound must stay beside it', () => {
    const segmenter = new Segmenter(grid(), 0);
    const [, first] = feed(segmenter, INIT, packet(40, true), packet(1000, true));
    expect(read(first)).toMatchObject([{ dts: 40, pts: 40, duration: 960 }]);
  });

  it('lets one that comes late stand from the beginning on, and all others where they are', () => {
    const segmenter = new Segmenter(grid(), 0);
    const [, first] = feed(segmenter, INIT, packet(400, true), packet(480, false), packet(1000, true));
    expect(read(first)).toMatchObject([
      { dts: 0, pts: 0, duration: 480 },
      { dts: 480, pts: 480, duration: 520 },
    ]);
  });

  it('lets pictures before the film, which are only there to be decoded, pass in no time', () => {
    const segmenter = new Segmenter(grid({ origin: 0.1 }), 0);
    const parts = [packet(0, true), packet(40, false), packet(80, false), packet(120, false), packet(1100, true)];
    const [, first] = feed(segmenter, INIT, ...parts);
    expect(read(first)).toMatchObject([
      { dts: 0, pts: 0, duration: 1 },
      { dts: 1, pts: 1, duration: 1 },
      { dts: 2, pts: 2, duration: 18 },
      { dts: 20, pts: 20, duration: 980 },
    ]);
  });

  it('hands out no copied sound in which something is missing, at any place of a segment', () => {
    const unbroken = grid({ kind: 'audio', unbroken: true, tolerance: 0 });
    const run = (...times: number[]) => {
      const segmenter = new Segmenter(unbroken, 0);
      return names([...feed(segmenter, INIT, ...times.map((at) => packet(at, true))), ...segmenter.flush(false)]);
    };
    const whole = (from: number, to: number) => Array.from({ length: (to - from) / 100 }, (_, i) => from + i * 100);
    expect(run(...whole(0, 3000))).toEqual(['init', 0, 1, 2]);
    expect(run(...whole(400, 3000))).toEqual(['init', 1, 2]);
    expect(run(...whole(0, 1300), ...whole(1700, 3000))).toEqual(['init', 0, 2]);
    expect(run(...whole(0, 700), ...whole(2000, 3000))).toEqual(['init', 2]);
    expect(run(...whole(0, 2500))).toEqual(['init', 0, 1]);
  });

  it('takes the container start off, also where it is not zero', () => {
    const segmenter = new Segmenter(grid({ origin: 100 }), 0);
    const [, first] = feed(segmenter, INIT, packet(100_000, true), packet(101_000, true));
    expect(read(first)).toMatchObject([{ dts: 0, pts: 0, duration: 1000 }]);
  });

  it('keeps pictures that are shown before their keyframe with it', () => {
    const segmenter = new Segmenter(grid(), 0);
    const leading = packet(1100, false, -150);
    const [, , second] = feed(segmenter, INIT, packet(0, true), packet(1000, true), leading, packet(2000, true));
    expect(read(second).map(({ pts }) => pts)).toEqual([1000, 950]);
  });

  it('passes over a segment in which nothing begins', () => {
    const segmenter = new Segmenter(grid(), 0);
    const products = feed(segmenter, INIT, packet(0, true), packet(3000, true));
    expect(names(products)).toEqual(['init', 0]);
    expect(segmenter.current).toBe(3);
  });

  it('drops the priming of sound before zero, which ffmpeg writes as a huge number, and what lies past the end', () => {
    const sound = grid({ kind: 'audio', count: 1, start: (k) => k * 200, frame: 100 });
    const segmenter = new Segmenter(sound, 0);
    feed(segmenter, INIT, packet(-100, true), packet(0, true), packet(100, true), packet(200, true));
    expect(read(segmenter.flush(true)[0]).map(({ data }) => data)).toEqual(['p0', 'p100']);
  });

  it('has a segment whole with its last packet, where the grid knows how many there are', () => {
    const segmenter = new Segmenter(grid({ count: 2, packets: () => 2 }), 0);
    const products = feed(
      segmenter,
      INIT,
      packet(0, true),
      packet(500, false),
      packet(1000, true),
      packet(1500, false),
    );
    expect(names(products)).toEqual(['init', 0, 1]);
    expect(read(products[1])).toMatchObject([{ duration: 500 }, { duration: 500 }]);
    expect(names([...feed(segmenter, packet(2000, true)), ...segmenter.flush(true)])).toEqual([]);
  });

  it('makes the same of the same bytes, however they are cut', () => {
    const times = Array.from({ length: 30 }, (_, i) => i * 100);
    const bytes = Buffer.concat([INIT, ...times.map((time) => packet(time, time % 1000 === 0))]);
    const all = new Segmenter(grid(), 0);
    const expected = [...all.push(bytes), ...all.flush(true)];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sizes) => {
        const segmenter = new Segmenter(grid(), 0);
        const products: Product[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] as number;
          products.push(...segmenter.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect([...products, ...segmenter.flush(true)]).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

describe('garbage', () => {
  const whole = Buffer.concat([INIT, packet(0, true), packet(500, false), packet(1000, true), packet(2000, true)]);

  it('is refused as malformed, or makes segments; it never breaks anything else', () => {
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(flips, (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        const segmenter = new Segmenter(grid(), 0);
        try {
          segmenter.push(bytes);
          segmenter.flush(true);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBoxes);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('that claims to be huge is refused before it is held', () => {
    expect(() => new BoxReader().push(Buffer.from([0x7f, 0xff, 0xff, 0xff, 0x6d, 0x64, 0x61, 0x74]))).toThrow(
      MalformedBoxes,
    );
    expect(() => new BoxReader().push(Buffer.alloc(8))).toThrow(MalformedBoxes);
  });
});
