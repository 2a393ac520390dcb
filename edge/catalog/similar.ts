import type { ItemCard } from '../../shared/api/items.ts';
import type { Page } from '../../shared/api/paging.ts';
import { similarIds } from '../db/facets.ts';
import { cardsOf } from '../db/grids.ts';
import type { Scope } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { showCards } from './cards.ts';

/** One row of a page. */
const MAX_SIMILAR = 20;

/** Titles that have much in common with one, as far as the person sees them. */
export async function showSimilar(env: Env, scope: Scope, id: number): Promise<Page<ItemCard>> {
  const ids = await similarIds(env, scope, id, MAX_SIMILAR);
  return { items: await showCards(env, scope, await cardsOf(env, scope.userId, ids)), next: null };
}
