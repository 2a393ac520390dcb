import { idsOfBlock } from '../db/block-bits.ts';
import { type BlockPlace, facetsToBlock, finishBlocks, growBlocks, sharedBlocks } from '../db/facet-blocks.ts';
import type { Env } from '../env.ts';

/** Facets of one call, and titles that one statement looks at: readers wait as long as it takes. */
const FACETS = 50;
const TITLES = 5_000;

/**
 * Makes the blocks of facets that have become frequent. Cut off anywhere, the next call begins that facet again, and
 * finds most of it written; ingest keeps the blocks in step meanwhile.
 */
export async function keepFacetBlocks({ DB }: Pick<Env, 'DB'>): Promise<void> {
  for (const id of await facetsToBlock(DB, FACETS)) {
    let after: BlockPlace | null = null;
    do after = await growBlocks(DB, id, after, TITLES);
    while (after);
    await finishBlocks(DB, id);
  }
}

/** Ids of the titles that facets with blocks have in common, and perhaps of some that lost one of them. */
export async function sharedIds({ DB }: Pick<Env, 'DB'>, facetIds: readonly number[]): Promise<number[]> {
  return (await sharedBlocks(DB, facetIds)).flatMap(({ block, columns }) => idsOfBlock(block, columns));
}
