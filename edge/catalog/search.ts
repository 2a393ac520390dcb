import { z } from 'zod';
import type { SearchAnswer } from '../../shared/api/items.ts';
import { cardsOf } from '../db/grids.ts';
import type { Scope } from '../db/scopes.ts';
import { type HitRow, type Spellings, searchRows } from '../db/search.ts';
import { wordsWithRests } from '../db/terms.ts';
import type { Env } from '../env.ts';
import { showCards } from './cards.ts';
import { decodeCursor, encodeCursor } from './cursors.ts';
import { searchTerms, sortTitle } from './titles.ts';
import { isOneEditAway, MIN_TYPO_LETTERS, restsOf } from './words.ts';

/** Words of a query that count. */
const MAX_TERMS = 8;

/** Neighbours that one mistyped word may stand for. */
const MAX_SPELLINGS = 12;

/** Hits are ranked as a whole, so a page is a part of one bounded list. */
const SearchCursor = z.object({ from: z.number().int().positive().max(1000) });

/**
 * Titles, people, tags and the like in which every word of the query begins a word, whatever its case and
 * diacritics: the title itself first, then those that begin with it, then the rest; works before episodes. Where
 * nothing has these words, words that are one letter away count too. A query without a letter or a digit finds
 * nothing.
 */
export async function searchItems(
  env: Env,
  scope: Scope,
  query: { q: string; cursor?: string | undefined; limit: number },
): Promise<SearchAnswer> {
  const from = decodeCursor(query.cursor, SearchCursor)?.from ?? 0;
  const terms = searchTerms(query.q, MAX_TERMS);
  if (terms.length === 0) return { items: [], facets: [], next: null };
  const beginning = sortTitle(query.q);
  const to = from + query.limit;
  const ranking = { query: beginning, first: to + 1, whole: terms.join(' ') === beginning };
  let { items, facets } = await searchRows(env, scope, terms.map(typed), beginning, ranking);
  items = items.filter((row) => ranking.whole || row.begins === 0 || holdsTerms(row.title, terms));
  if (items.length + facets.length === 0) {
    const spellings = await neighbours(env, terms);
    if (spellings) ({ items, facets } = await searchRows(env, scope, spellings, '', ranking));
  }
  const hits = rankHits([...new Map(items.map((row) => [row.id, row])).values()], beginning);
  return {
    items: await showCards(env, scope, await cardsOf(env, scope.userId, idsOf(hits.slice(from, to)))),
    facets: from > 0 ? [] : facets.map(({ id, kind, name }) => ({ id: String(id), kind, name })),
    next: to < hits.length ? encodeCursor({ from: to }) : null,
  };
}

const idsOf = (hits: readonly HitRow[]) => hits.map((hit) => hit.id);

const typed = (word: string): Spellings => [{ word, prefix: true }];

/** Each word with those of the vocabulary that are one edit away; null where no word has any. */
async function neighbours(env: Env, terms: readonly string[]): Promise<Spellings[] | null> {
  const rests = terms.filter((term) => [...term].length >= MIN_TYPO_LETTERS).flatMap(restsOf);
  if (rests.length === 0) return null;
  const known = await wordsWithRests(env.DB, rests);
  if (known.length === 0) return null;
  return terms.map((term) => [
    { word: term, prefix: true },
    ...known
      .filter((word) => isOneEditAway(word, term))
      .slice(0, MAX_SPELLINGS)
      .map((word) => ({ word, prefix: false })),
  ]);
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
