import { expect, it } from 'vitest';
import { MAX_PART_BYTES } from '../../shared/protocol/frames.ts';
import { partLength, partNumber, readHead, safeType } from './parts.ts';

const head = (total: string, more: Record<string, string> = {}) =>
  new Headers({ 'hc-total': total, 'hc-content-type': 'video/mp4', ...more });

it('[BY2] reads what the first part says of the body', () => {
  expect(readHead(head('1000', { 'hc-etag': '"a"' }), null)).toEqual({
    total: 1000,
    contentType: 'video/mp4',
    etag: '"a"',
    contentRange: null,
  });
});

it.each(['', '-1', '1e3', '0x10', '5 5', '99999999999999999', 'NaN'])('[BY2] refuses a length of "%s"', (total) => {
  expect(readHead(head(total), null)).toBeNull();
});

it('[BY2] refuses a body without a type, and a tag that is none', () => {
  expect(readHead(new Headers({ 'hc-total': '5' }), null)).toBeNull();
  expect(readHead(head('5', { 'hc-etag': 'unquoted' }), null)).toBeNull();
});

it('[BY7] takes a range only when it was asked for, and only as it was asked', () => {
  const asked = { start: 10, end: 19 };
  const answer = (range: string, total = '10') => readHead(head(total, { 'hc-range': range }), asked);
  expect(answer('bytes 10-19/100')).toMatchObject({ contentRange: 'bytes 10-19/100' });
  expect(answer('bytes 10-14/15', '5')).toMatchObject({ total: 5 });
  expect(answer('bytes 11-19/100', '9')).toBeNull();
  expect(answer('bytes 10-20/100', '11')).toBeNull();
  expect(answer('bytes 10-19/100', '9')).toBeNull();
  expect(answer('bytes 10-19/15')).toBeNull();
  expect(answer('bytes 10-19/*')).toBeNull();
  expect(readHead(head('10'), asked)).toBeNull();
  expect(readHead(head('10', { 'hc-range': 'bytes 10-19/100' }), null)).toBeNull();
  expect(readHead(head('90', { 'hc-range': 'bytes 10-99/100' }), { start: 10, end: null })).toMatchObject({
    total: 90,
  });
});

it('[BY8] relays media, pictures, playlists and text, and nothing that a browser would run', () => {
  for (const type of ['video/mp4', 'video/x-matroska', 'audio/mpeg', 'image/webp', 'application/octet-stream']) {
    expect(safeType(type)).toBe(true);
  }
  expect(safeType('text/vtt; charset=utf-8')).toBe(true);
  expect(safeType('application/vnd.apple.mpegurl')).toBe(true);
  for (const type of [
    'text/html',
    'image/svg+xml',
    'application/javascript',
    'application/xhtml+xml',
    'x',
    'a/b\r\nc',
  ]) {
    expect(safeType(type)).toBe(false);
  }
});

it('[BY3] refuses parts without a length, over the limit, or beyond the end of the body', () => {
  const length = (value: string, left: number) => partLength(new Headers({ 'content-length': value }), left);
  expect(partLength(new Headers(), 5)).toBeNull();
  expect(length('5', 5)).toBe(5);
  expect(length('6', 5)).toBeNull();
  expect(length('0', 5)).toBeNull();
  expect(length('0', 0)).toBe(0);
  expect(length(String(MAX_PART_BYTES), MAX_PART_BYTES * 2)).toBe(MAX_PART_BYTES);
  expect(length(String(MAX_PART_BYTES + 1), MAX_PART_BYTES * 2)).toBeNull();
});

it('[SI3] reads the number of a part, 0 where none is given', () => {
  expect([partNumber(null), partNumber('7'), partNumber('-1'), partNumber('x')]).toEqual([0, 7, null, null]);
});
