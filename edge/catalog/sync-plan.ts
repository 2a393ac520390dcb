import type { Claim, SyncBatch } from '../../shared/protocol/sync.ts';
import { epochStatement, type FileRow, type FileState, fileStatements, goneStatement } from '../db/claims.ts';
import { deriveStatements, type ItemRow, itemStatements, newStamp } from '../db/derived-items.ts';
import { announceImages } from '../db/images.ts';
import { descriptionStatements, facetStatements } from '../db/item-facets.ts';
import { indexStatements } from '../db/item-indexes.ts';
import { learnStatements } from '../db/item-keys.ts';
import { type MovedContent, movedContent, renameStatements } from '../db/renames.ts';
import { advanceStatements } from '../db/sync-cursors.ts';
import { wordStatements } from '../db/terms.ts';
import { DAY_MS } from './days.ts';
import type { Description } from './descriptions.ts';
import type { FacetRow } from './facets.ts';
import { imageIds, itemRows, type ReadClaim } from './rows.ts';
import { restsOf } from './words.ts';

/** What a batch of claims changes, once what it only repeats is left out. */
export interface SyncPlan {
  items: ItemRow[];
  files: FileRow[];
  /** Files that are as they were, but in an older epoch. */
  kept: { id: number; rev: number }[];
  gone: number[];
  images: string[];
  descriptions: Description[];
  facets: FacetRow[];
  /** The items that files came to or left. */
  keys: string[];
  ids: number[];
  moved: MovedContent;
  changed: boolean;
}

/** Compares claims with what stands; `rows` are those of the claims that are not `gone`. Times in ms since 1970. */
export function planBatch(
  claims: readonly Claim[],
  rows: readonly FileRow[],
  states: readonly FileState[],
  readOf: ReadonlyMap<Claim, { read: ReadClaim; topKey: string }>,
  now: number,
): SyncPlan {
  const stateOf = new Map(states.map((state) => [placeOf(state), state]));
  const rowOf = new Map(rows.map((row) => [placeOf(row), row]));
  const items = new Map<string, ItemRow>();
  const images = new Set<string>();
  const descriptions = new Map<string, Description>();
  const facets = new Map<string, FacetRow>();
  const ids = new Set<number>();
  const plan: Pick<SyncPlan, 'files' | 'kept' | 'gone'> = { files: [], kept: [], gone: [] };
  const moved = { contents: new Set<string>(), left: [] as [number, string][] };
  for (const claim of claims) {
    const state = stateOf.get(placeOf(claim));
    const row = rowOf.get(placeOf(claim));
    if (row && state?.same) {
      if (!state.current) plan.kept.push({ id: state.id, rev: claim.rev });
      continue;
    }
    if (row) plan.files.push(row);
    else if (state?.live) plan.gone.push(state.id);
    if (state) for (const id of itemsOf(state)) ids.add(id);
    const { contents, left } = movedContent(state, row?.fingerprint ?? null);
    for (const content of contents) moved.contents.add(content);
    moved.left.push(...left);
    if (claim.state !== 'present') continue;
    for (const id of imageIds(claim.artwork)) images.add(id);
    const known = readOf.get(claim);
    if (!known) continue;
    const { read, topKey } = known;
    for (const item of itemRows(read, topKey, now)) if (!items.has(item.key)) items.set(item.key, item);
    for (const trait of read.traits) facets.set(trait.key, trait);
    for (const description of [read.own, read.series, read.season]) {
      if (!description || descriptions.has(description.hash)) continue;
      descriptions.set(description.hash, description);
      for (const facet of description.facets) if (!facets.has(facet.key)) facets.set(facet.key, facet);
    }
  }
  return {
    ...{ ...plan, items: [...items.values()], images: [...images], keys: [...items.keys()], ids: [...ids] },
    ...{ descriptions: [...descriptions.values()], facets: [...facets.values()] },
    moved: { contents: [...moved.contents], left: moved.left },
    changed: plan.files.length > 0 || plan.gone.length > 0,
  };
}

/** What the catalog learns from a batch beside its files: more keys of items, and words to search by. */
export interface Lore {
  learned: readonly (readonly [key: string, itemKey: string])[];
  newWords: readonly string[];
}

/** The whole batch as one transaction: the guard first, then files, then what is derived from them. */
export function batchStatements(
  db: D1Database,
  agentId: string,
  { epoch, fromRevision, toRevision, complete }: SyncBatch,
  { items, files, kept, gone, images, descriptions, facets, keys, ids, moved, changed }: SyncPlan,
  { learned, newWords }: Lore,
  now: number,
): D1PreparedStatement[] {
  const touched = { keys, ids, stamp: newStamp(now), now };
  const day = Math.floor(now / DAY_MS);
  return [
    ...advanceStatements(db, agentId, fromRevision, { epoch, revision: toRevision }, complete),
    ...descriptionStatements(db, descriptions, day),
    ...facetStatements(db, facets, touched.stamp),
    ...itemStatements(db, agentId, touched.stamp, items),
    ...learnStatements(db, learned),
    ...wordStatements(db, newWords, restsOf),
    ...fileStatements(db, agentId, epoch, files),
    ...(kept.length > 0 ? [epochStatement(db, epoch, kept)] : []),
    ...(gone.length > 0 ? [goneStatement(db, gone, now)] : []),
    ...(images.length > 0 ? [announceImages(db, agentId, images, day)] : []),
    ...(changed
      ? [
          ...deriveStatements(db, touched),
          ...indexStatements(db, touched),
          ...renameStatements(db, agentId, moved, keys, now),
        ]
      : []),
  ];
}

/** The item that a file is a copy of, and the season and the series above it. */
export function itemsOf({ itemId, parentId, rootId }: Pick<FileState, 'itemId' | 'parentId' | 'rootId'>): number[] {
  return [itemId, parentId, rootId].filter((id) => id !== null);
}

function placeOf({ root, pathHash }: { root: string; pathHash: string }): string {
  return `${root}/${pathHash}`;
}
