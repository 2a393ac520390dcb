/** Longest sort title: it stands in indexes, and nobody sorts by the 41st character. */
const MAX_SORT_TITLE = 40;

/** Longest normalised title inside a key. */
const MAX_KEY_TITLE = 200;

const LEADING_ARTICLE = /^(?:the|an?|der|die|das|les?|la|el|los|las|il|lo|gli|het|de)\s+(?=\S)/;

/**
 * A title in the one form in which two spellings of it are equal: no case, no diacritics, no punctuation, single
 * spaces. A title of punctuation alone stays as it is, since it must not become empty.
 */
export function normalizeTitle(title: string): string {
  const folded = fold(title, 'NFKD');
  const words = folded
    .replaceAll('&', ' and ')
    .replace(/['’`´]/g, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
  return [...(words || folded.trim() || '?')].slice(0, MAX_KEY_TITLE).join('');
}

/** What a title is sorted by: the normalised form without its leading article, at most 40 characters. */
export function sortTitle(title: string): string {
  const bare = normalizeTitle(title).replace(LEADING_ARTICLE, '');
  // Digits padded, so that "Part 2" comes before "Part 10".
  const padded = bare.replace(/\d{1,5}/g, (digits) => digits.padStart(5, '0'));
  return [...padded].slice(0, MAX_SORT_TITLE).join('');
}

/** The terms of a search as the full-text index divides them: at most `max`, none empty. */
export function searchTerms(query: string, max: number): string[] {
  return fold(query, 'NFD')
    .split(/[^\p{L}\p{N}\p{M}\p{Co}]+/u)
    .filter((term) => /[\p{L}\p{N}\p{Co}]/u.test(term))
    .slice(0, max);
}

function fold(text: string, form: 'NFD' | 'NFKD'): string {
  return text
    .normalize(form)
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC');
}
