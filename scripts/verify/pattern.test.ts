import { expect, test } from 'vitest';
import { patternAt } from './pattern.ts';

const whole = patternAt(0, 4096);

test.each([
  [0, 16],
  [1, 16],
  [3, 5],
  [1023, 1],
  [2047, 2049],
])('%i: %i bytes are those of the whole', (offset, length) => {
  expect(patternAt(offset, length)).toEqual(whole.subarray(offset, offset + length));
});

test('another place has other bytes', () => {
  expect(patternAt(4, 64)).not.toEqual(patternAt(0, 64));
  expect(patternAt(32 * 1024 * 1024, 64)).not.toEqual(patternAt(0, 64));
});
