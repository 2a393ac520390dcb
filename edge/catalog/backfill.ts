import { advanceBackfill, completeStatement, oldFiles } from '../db/backfills.ts';
import { deriveStatements, newStamp } from '../db/derived-items.ts';
import { facetStatements } from '../db/item-facets.ts';
import { indexStatements } from '../db/item-indexes.ts';
import { newWordsStatement, wordStatements } from '../db/terms.ts';
import type { Env } from '../env.ts';
import { type FacetRow, traitsOf } from './facets.ts';
import { restsOf, wordsOf } from './words.ts';

/** Files of one transaction: readers wait as long as it takes. */
const FILES = 100;

/** Pieces of one call of the clock, which comes again. */
const PIECES = 20;

/**
 * Brings what was claimed before this schema to it, in pieces: traits of files, words to search by, the new columns
 * of the grids. Cut off anywhere, it goes on; done, it costs one read.
 */
export async function backfillCatalog(env: Pick<Env, 'DB'>, now: number): Promise<void> {
  for (let piece = 0; piece < PIECES; piece++) {
    const old = await oldFiles(env.DB, FILES);
    if (!old) return;
    if (old.lastId === null) {
      await advanceBackfill(env.DB, null).run();
      return;
    }
    const facets = new Map<string, FacetRow>();
    const complete = old.files.map(({ id, topKey, media, siteId }) => {
      const traits = traitsOf(media, siteId);
      for (const trait of traits) facets.set(trait.key, trait);
      return { id, names: [topKey], traits: traits.map((trait) => trait.key).sort() };
    });
    const words = wordsOf(old.files.flatMap(({ title, seriesTitle }) => [title, seriesTitle ?? '']));
    const { results } = await newWordsStatement(env.DB, words).all<{ word: string }>();
    const ids = old.files.flatMap(({ itemId, parentId, rootId }) =>
      [itemId, parentId, rootId].filter((id) => id !== null),
    );
    const touched = { keys: [], ids: [...new Set(ids)], stamp: newStamp(now), now };
    await env.DB.batch([
      completeStatement(env.DB, complete),
      ...facetStatements(env.DB, [...facets.values()], touched.stamp),
      ...wordStatements(
        env.DB,
        results.map((row) => row.word),
        restsOf,
      ),
      ...deriveStatements(env.DB, touched),
      ...indexStatements(env.DB, touched),
      advanceBackfill(env.DB, old.lastId),
    ]);
  }
}
