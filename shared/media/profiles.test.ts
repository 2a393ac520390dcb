import { describe, expect, it } from 'vitest';
import { madeH264, takesProfile } from './profiles.ts';

describe('a client that lists profiles', () => {
  it.each([
    ['h264', ['High'], 'Main', true],
    ['h264', ['high'], 'Constrained Baseline', true],
    ['h264', ['High'], 'Progressive High', true],
    ['h264', ['Main'], 'High', false],
    ['h264', ['Baseline'], 'Constrained Baseline', true],
    ['h264', ['Baseline', 'Main'], 'High 10', false],
    ['h264', ['High 10'], 'High', true],
    ['h264', ['High', 'High 4:2:2'], 'High 4:2:2', true],
    ['hevc', ['Main'], 'Main 10', false],
    ['hevc', ['Main 10'], 'Main', true],
    ['hevc', ['Main 10'], 'Rext', false],
    ['av1', ['Main'], 'High', false],
    ['vp9', ['Profile 2'], 'Profile 0', true],
    ['vp9', ['Profile 0'], 'Profile 2', false],
    ['vp9', ['Profile 0'], 'Profile 1', false],
  ] as const)('of %s: %j, and is given %s: %s', (codec, profiles, profile, takes) => {
    expect(takesProfile({ codec, profiles }, profile)).toBe(takes);
  });

  it('is made the best H.264 that it takes', () => {
    const made = (profiles?: string[]) => madeH264({ codec: 'h264', profiles });
    expect([made(), made(['High 10']), made(['Main']), made(['Baseline']), made(['CAVLC 4:4:4'])]).toEqual([
      ...['High', 'High', 'Main', 'Constrained Baseline', 'Constrained Baseline'],
    ]);
  });
});

it('a client that lists none takes what all decoders take', () => {
  expect(takesProfile({ codec: 'h264' }, 'High 10')).toBe(true);
  expect(takesProfile({ codec: 'h264' }, 'High 4:4:4 Predictive')).toBe(false);
});
