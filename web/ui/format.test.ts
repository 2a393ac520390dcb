import { describe, expect, it } from 'vitest';
import { ago, bitrate, bytes, clock, count, duration, languageName } from './format.ts';

describe('times', () => {
  it('show hours on the clock only where there are any', () => {
    expect([0, 59_999, 60_000, 3_599_000, 3_600_000, 7_384_900].map(clock)).toEqual([
      '0:00',
      '0:59',
      '1:00',
      '59:59',
      '1:00:00',
      '2:03:04',
    ]);
  });

  it('never go below zero on the clock', () => {
    expect(clock(-500)).toBe('0:00');
  });

  it('are told as a person would say them', () => {
    expect([12_000, 59_600, 90_000, 3_600_000, 7_500_000].map(duration)).toEqual([
      '12 s',
      '60 s',
      '2 min',
      '1 h',
      '2 h 5 min',
    ]);
  });

  it('in the past are relative to now', () => {
    const now = 1_000_000_000_000;
    expect(ago(now - 5000, now)).toBe('just now');
    expect(ago(now - 300_000, now)).toBe('5 minutes ago');
    expect(ago(now - 86_400_000, now)).toBe('yesterday');
    expect(ago(now + 5000, now)).toBe('just now');
  });
});

describe('amounts', () => {
  it('take the unit that leaves few digits', () => {
    expect([0, 999, 1500, 12_345_678, 999_600, 4_700_000_000, 240_000_000_000].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '2 kB',
      '12.3 MB',
      '1.0 MB',
      '4.7 GB',
      '240 GB',
    ]);
    expect([640_000, 8_234_000].map(bitrate)).toEqual(['640 kb/s', '8.2 Mb/s']);
  });

  it('are counted in singular and plural', () => {
    expect([count(1, 'title'), count(1234, 'title'), count(0, 'series', 'series')]).toEqual([
      '1 title',
      '1,234 titles',
      '0 series',
    ]);
  });
});

describe('language names', () => {
  it('come from two- and three-letter tags, and fall back to the tag', () => {
    expect(languageName('eng')).toBe('English');
    expect(languageName('pt-BR')).toBe('Brazilian Portuguese');
    expect(languageName('not a tag')).toBe('not a tag');
  });

  it('are null where the file does not say', () => {
    expect([languageName(null), languageName('und'), languageName('')]).toEqual([null, null, null]);
  });
});
