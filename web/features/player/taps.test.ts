import { expect, it } from 'vitest';
import { tapMeaning } from './taps.ts';

it('one tap shows or hides the controls', () => {
  expect(tapMeaning({ at: 1000, x: 0.9 }, null)).toBe('toggle-controls');
});

it('two quick taps on a side go ten seconds that way', () => {
  expect(tapMeaning({ at: 1200, x: 0.9 }, { at: 1000, x: 0.8 })).toEqual({ seekBy: 10 });
  expect(tapMeaning({ at: 1200, x: 0.1 }, { at: 1000, x: 0.2 })).toEqual({ seekBy: -10 });
});

it('slow taps, taps in the middle and taps on both sides are not a double tap', () => {
  expect(tapMeaning({ at: 1400, x: 0.9 }, { at: 1000, x: 0.9 })).toBe('toggle-controls');
  expect(tapMeaning({ at: 1100, x: 0.5 }, { at: 1000, x: 0.5 })).toBe('toggle-controls');
  expect(tapMeaning({ at: 1100, x: 0.9 }, { at: 1000, x: 0.1 })).toBe('toggle-controls');
});
