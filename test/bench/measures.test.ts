import { describe, expect, it } from 'vitest';
import { median, meets, quantile, verdict } from './measures.ts';

describe('figures of a benchmark', () => {
  it('are the middle one of an odd number and the lower middle of an even one', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2);
  });

  it('take p99 by nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, i) => i + 1);
    expect(quantile(values, 0.99)).toBe(198);
  });

  it('meet a goal or miss it, and have no verdict without one', () => {
    expect(meets(0.95, '>= 0.9')).toBe(true);
    expect(meets(3.1, '< 3')).toBe(false);
    expect(meets(1, undefined)).toBeUndefined();
  });

  it('say in one line what was met and what was not', () => {
    const fast = { name: 'p99', value: 7.25, unit: 'ms', goal: '< 10', met: true };
    const slow = { name: 'flat', value: 2.34567, unit: 'ratio', goal: '<= 2', met: false };
    const bare = { name: 'rows', value: 9, unit: 'rows', met: undefined };
    expect(verdict('browse', [fast, bare])).toBe('browse: all 1 goals met.');
    expect(verdict('browse', [fast, slow])).toBe('browse: 1 of 2 goals met. Missed: flat 2.346 ratio (<= 2).');
    expect(verdict('drift', [bare])).toBe('drift: no goal is set.');
  });
});
