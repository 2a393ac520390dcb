import type { GridFilter, GridSource } from '../db/grid-sources.ts';
import { countCandidates, type WantedFacet } from '../db/grids.ts';
import type { Scope } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { sharedIds } from './facet-blocks.ts';
import type { GridPlan } from './grid-plan.ts';

/** A facet of more titles is worth laying over the others, and a source of more candidates worth looking for fewer. */
const MANY = 1_000;

/** Walking so far is worth a question for something smaller. */
const WORTH_COUNTING = 16_000;

/** The titles that the facets of a page share, where their blocks are laid over one another before anything is walked. */
export async function sharedOf(env: Env, { libraryId }: GridFilter, facets: readonly WantedFacet[]) {
  const blocked = facets.filter((facet) => facet.blocked).map(({ id }) => id);
  if (libraryId === null || (facets[0]?.items ?? 0) <= MANY || blocked.length < 2) return null;
  return sharedIds(env, blocked);
}

/** Of what a plan ends with, the source that has fewest candidates. */
export async function smallestOf(
  env: Env,
  scope: Scope,
  filter: GridFilter,
  { last, countable }: Pick<GridPlan, 'last' | 'countable'>,
): Promise<{ source: GridSource; size: number }> {
  let smallest = last;
  for (const source of last.size > MANY ? countable : []) {
    const size = await countCandidates(env, scope, source, filter, Math.min(smallest.size, WORTH_COUNTING));
    if (size < Math.min(smallest.size, WORTH_COUNTING)) smallest = { source, size };
  }
  return smallest;
}
