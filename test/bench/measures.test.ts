import { describe, expect, it } from 'vitest';
import { median, meets, quantile } from './measures.ts';

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
});
