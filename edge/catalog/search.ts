import { z } from 'zod';
import type { ItemCard } from '../../shared/api/items.ts';
import type { Page } from '../../shared/api/paging.ts';
import { type HitRow, searchRows } from '../db/search.ts';
import type { Env } from '../env.ts';
import { cardOf } from './cards.ts';
import { decodeCursor, encodeCursor } from './cursors.ts';
import { searchTerms, sortTitle } from './titles.ts';

/** Words of a query that count. */
const MAX_TERMS = 8;

/** Hits are ranked as a whole, so a page is a part of one bounded list. */
const SearchCursor = z.object({ from: z.number().int().positive().max(1000) });

/**
 * Titles in which every word of the query begins a word, whatever its case and diacritics: the title itself first,
 * then those that begin with it, then the rest; works before episodes. A query without a letter or a digit finds
 * nothing.
 */
export async function searchItems(
  env: Env,
  userId: number,
  query: { q: string; cursor?: string | undefined; limit: number },
): Promise<Page<ItemCard>> {
  const from = decodeCursor(query.cursor, SearchCursor)?.from ?? 0;
  const terms = searchTerms(query.q, MAX_TERMS);
  if (terms.length === 0) return { items: [], next: null };
  const beginning = sortTitle(query.q);
  const { found, begin } = await searchRows(env, userId, terms, beginning);
  // The sort title has lost its article, so that a beginning alone does not say that every word is there.
  const whole = begin.filter((row) => holdsTerms(row.title, terms));
  const hits = rankHits([...new Map([...whole, ...found].map((row) => [row.id, row])).values()], beginning);
  const to = from + query.limit;
  return {
    items: hits.slice(from, to).map(cardOf),
    next: to < hits.length ? encodeCursor({ from: to }) : null,
  };
}

function holdsTerms(title: string, terms: readonly string[]): boolean {
  const words = searchTerms(title, Number.POSITIVE_INFINITY);
  return terms.every((term) => words.some((word) => word.startsWith(term)));
}

/** Hits in the order in which they are shown. */
function rankHits<T extends Pick<HitRow, 'id' | 'kind' | 'sortTitle'>>(hits: readonly T[], query: string): T[] {
  const rank = ({ kind, sortTitle: title }: T) =>
    (kind === 'episode' ? 3 : 0) + (title === query ? 0 : title.startsWith(query) ? 1 : 2);
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...hits].sort((a, b) => rank(a) - rank(b) || byText(a.sortTitle, b.sortTitle) || a.id - b.id);
}
