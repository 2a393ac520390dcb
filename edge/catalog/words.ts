import { searchTerms } from './titles.ts';

/** Shorter words have too many neighbours that are one letter away. */
export const MIN_TYPO_LETTERS = 4;

/** Longer words are typed by nobody. */
const MAX_WORD = 24;

/** The words of titles and names that a typo can be led to. */
export function wordsOf(texts: Iterable<string>): Set<string> {
  const words = new Set<string>();
  for (const text of texts) {
    for (const word of searchTerms(text, Number.POSITIVE_INFINITY)) {
      const length = [...word].length;
      if (length >= MIN_TYPO_LETTERS && length <= MAX_WORD && !/^\d+$/.test(word)) words.add(word);
    }
  }
  return words;
}

/** A word, and what is left of it when one letter is lost: two words one edit apart have one of these in common. */
export function restsOf(word: string): string[] {
  const letters = [...word];
  const rests = letters.map((_, i) => [...letters.slice(0, i), ...letters.slice(i + 1)].join(''));
  return [...new Set([word, ...rests])];
}

/** True for words that differ by one letter more, less or other, or by two that changed places. */
export function isOneEditAway(a: string, b: string): boolean {
  const x = [...a];
  const y = [...b];
  let from = 0;
  while (from < x.length && from < y.length && x[from] === y[from]) from++;
  let end = 0;
  while (end < x.length - from && end < y.length - from && x.at(-1 - end) === y.at(-1 - end)) end++;
  const left = x.length - from - end;
  const right = y.length - from - end;
  if (left <= 1 && right <= 1) return left + right > 0;
  return left === 2 && right === 2 && x[from] === y[from + 1] && x[from + 1] === y[from];
}
