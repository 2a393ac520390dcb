import { describe, expect, it } from 'vitest';
import { decideRange, MAX_RANGE_BYTES, type RangeDecision } from './byte-range.ts';

const ETAG = '"abc"';
const MB16 = MAX_RANGE_BYTES;
const part = (start: number, end: number): RangeDecision => ({ kind: 'part', range: { start, end } });
const WHOLE: RangeDecision = { kind: 'whole' };
const NONE: RangeDecision = { kind: 'unsatisfiable' };

describe('a range of a file of 1000 bytes', () => {
  it.each<[string | undefined, RangeDecision]>([
    [undefined, WHOLE],
    ['bytes=0-', part(0, 999)],
    ['bytes=0-0', part(0, 0)],
    ['bytes=0-99', part(0, 99)],
    ['bytes=500-', part(500, 999)],
    ['bytes=500-5000', part(500, 999)],
    ['bytes=999-999', part(999, 999)],
    ['bytes=-1', part(999, 999)],
    ['bytes=-1000', part(0, 999)],
    ['bytes=-5000', part(0, 999)],
    ['Bytes=0-9', part(0, 9)],
    ['bytes= 0-9 ', part(0, 9)],
    ['bytes=1000-', NONE],
    ['bytes=1000-2000', NONE],
    ['bytes=-0', NONE],
    ['bytes=0-1,5-6', WHOLE],
    ['bytes=9-5', WHOLE],
    ['bytes=-', WHOLE],
    ['bytes=', WHOLE],
    ['bytes', WHOLE],
    ['bytes=a-b', WHOLE],
    ['bytes=0x1-5', WHOLE],
    ['bytes=1.5-2', WHOLE],
    ['bytes=--1', WHOLE],
    ['seconds=0-1', WHOLE],
    ['bytes=99999999999999999999-', WHOLE],
    ['', WHOLE],
  ])('%s', (header, expected) => {
    expect(decideRange(header, undefined, { size: 1000, etag: ETAG })).toEqual(expected);
  });
});

describe('a range', () => {
  it('of a long file ends after sixteen megabytes', () => {
    const file = { size: 5 * MB16, etag: ETAG };
    expect(decideRange('bytes=0-', undefined, file)).toEqual(part(0, MB16 - 1));
    expect(decideRange('bytes=10-99999999999', undefined, file)).toEqual(part(10, MB16 + 9));
    expect(decideRange(`bytes=-${2 * MB16}`, undefined, file)).toEqual(part(3 * MB16, 4 * MB16 - 1));
  });

  it('of a long file comes whole to a client that would not ask on', () => {
    const file = { size: 5 * MB16, etag: ETAG, most: 5 * MB16 };
    expect(decideRange('bytes=10-', undefined, file)).toEqual(part(10, 5 * MB16 - 1));
  });

  it('of a file of many gigabytes is counted to the byte', () => {
    const file = { size: 95_000_000_003, etag: ETAG };
    expect(decideRange('bytes=4294967295-4294967300', undefined, file)).toEqual(part(4_294_967_295, 4_294_967_300));
    expect(decideRange('bytes=94999999999-', undefined, file)).toEqual(part(94_999_999_999, 95_000_000_002));
    expect(decideRange('bytes=-3', undefined, file)).toEqual(part(95_000_000_000, 95_000_000_002));
    expect(decideRange('bytes=95000000003-', undefined, file)).toEqual(NONE);
  });

  it('of an empty file cannot be had', () => {
    expect(decideRange('bytes=0-', undefined, { size: 0, etag: ETAG })).toEqual(NONE);
    expect(decideRange('bytes=-5', undefined, { size: 0, etag: ETAG })).toEqual(NONE);
  });

  it.each<[string, RangeDecision]>([
    [ETAG, part(0, 9)],
    ['"other"', WHOLE],
    [`W/${ETAG}`, WHOLE],
    ['Sat, 21 Nov 2026 00:00:00 GMT', WHOLE],
  ])('with If-Range %s', (ifRange, expected) => {
    expect(decideRange('bytes=0-9', ifRange, { size: 1000, etag: ETAG })).toEqual(expected);
  });
});
