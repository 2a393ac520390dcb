import { describe, expect, it } from 'vitest';
import { normalizeTitle, searchTerms, sortTitle } from './titles.ts';

describe('normalizeTitle', () => {
  it('makes two spellings of one title equal', () => {
    for (const [a, b] of [
      ['Amélie', 'AMELIE'],
      ['WALL·E', 'wall e'],
      ['Fast & Furious', 'Fast and Furious'],
      ["Ocean's Eleven", 'Oceans Eleven'],
      ['Spider-Man:  Homecoming', 'spider man homecoming'],
      ['Ame\u0301lie', 'Amélie'],
    ] as const) {
      expect(normalizeTitle(a)).toBe(normalizeTitle(b));
    }
  });

  it('keeps titles of other scripts and of signs alone apart', () => {
    expect(normalizeTitle('東京物語')).toBe('東京物語');
    expect(normalizeTitle('...')).toBe('...');
    expect(normalizeTitle('!!!')).not.toBe(normalizeTitle('???'));
    expect(normalizeTitle(' ')).toBe('?');
  });
});

describe('sortTitle', () => {
  it('leaves the article out, unless there is nothing else', () => {
    expect(sortTitle('The Matrix')).toBe('matrix');
    expect(sortTitle('Das Boot')).toBe('boot');
    expect(sortTitle('The')).toBe('the');
    expect(sortTitle('Theodora')).toBe('theodora');
  });

  it('sorts numbers by their value', () => {
    expect(sortTitle('Part 2') < sortTitle('Part 10')).toBe(true);
    expect(sortTitle('Rocky') < sortTitle('Rocky 2')).toBe(true);
  });

  it('has at most 40 characters, none cut in two', () => {
    const title = sortTitle('🎬'.repeat(5) + '𝒜é'.repeat(60));
    expect([...title].length).toBeLessThanOrEqual(40);
    expect(title.isWellFormed()).toBe(true);
  });
});

describe('searchTerms', () => {
  it('divides a query into words without signs', () => {
    expect(searchTerms('"Léon" OR (pro*)', 8)).toEqual(['leon', 'or', 'pro']);
    expect(searchTerms("it's 4:20", 8)).toEqual(['it', 's', '4', '20']);
    expect(searchTerms('東京 物語', 8)).toEqual(['東京', '物語']);
  });

  it('finds no word in signs, and no more words than it may', () => {
    expect(searchTerms('🎬 -- "" ***', 8)).toEqual([]);
    expect(searchTerms('a b c d', 2)).toEqual(['a', 'b']);
  });
});
