import type { Claim, SyncBatch } from '../../shared/protocol/sync.ts';
import { epochStatement, type FileRow, type FileState, fileStatements, goneStatement } from '../db/claims.ts';
import { deriveStatements, type ItemRow, itemStatements, newStamp } from '../db/derived-items.ts';
import { announceImages } from '../db/images.ts';
import { indexStatements } from '../db/item-indexes.ts';
import { advanceStatements } from '../db/sync-cursors.ts';
import { imageIds, itemRows } from './rows.ts';

/** What a batch of claims changes, once what it only repeats is left out. */
export interface SyncPlan {
  items: ItemRow[];
  files: FileRow[];
  /** Files that are as they were, but in an older epoch. */
  kept: { id: number; rev: number }[];
  gone: number[];
  images: string[];
  /** The items that files came to or left. */
  keys: string[];
  ids: number[];
  changed: boolean;
}

/** Compares claims with what stands; `rows` are those of the claims that are not `gone`. Times in ms since 1970. */
export function planBatch(
  claims: readonly Claim[],
  rows: readonly FileRow[],
  states: readonly FileState[],
  now: number,
): SyncPlan {
  const stateOf = new Map(states.map((state) => [placeOf(state), state]));
  const rowOf = new Map(rows.map((row) => [placeOf(row), row]));
  const items = new Map<string, ItemRow>();
  const images = new Set<string>();
  const ids = new Set<number>();
  const plan: Pick<SyncPlan, 'files' | 'kept' | 'gone'> = { files: [], kept: [], gone: [] };
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
    if (claim.state !== 'present') continue;
    for (const item of itemRows(claim, now)) if (!items.has(item.key)) items.set(item.key, item);
    for (const id of imageIds(claim.artwork)) images.add(id);
  }
  return {
    ...{ ...plan, items: [...items.values()], images: [...images], keys: [...items.keys()], ids: [...ids] },
    changed: plan.files.length > 0 || plan.gone.length > 0,
  };
}

/** The whole batch as one transaction: the guard first, then files, then what is derived from them. */
export function batchStatements(
  db: D1Database,
  agentId: string,
  { epoch, fromRevision, toRevision, complete }: SyncBatch,
  { items, files, kept, gone, images, keys, ids, changed }: SyncPlan,
  now: number,
): D1PreparedStatement[] {
  const touched = { keys, ids, stamp: newStamp(now), now };
  return [
    ...advanceStatements(db, agentId, fromRevision, { epoch, revision: toRevision }, complete),
    ...itemStatements(db, agentId, touched.stamp, items),
    ...fileStatements(db, agentId, epoch, files),
    ...(kept.length > 0 ? [epochStatement(db, epoch, kept)] : []),
    ...(gone.length > 0 ? [goneStatement(db, gone, now)] : []),
    ...(images.length > 0 ? [announceImages(db, agentId, images)] : []),
    ...(changed ? [...deriveStatements(db, touched), ...indexStatements(db, touched)] : []),
  ];
}

/** The item that a file is a copy of, and the season and the series above it. */
export function itemsOf({ itemId, parentId, rootId }: Pick<FileState, 'itemId' | 'parentId' | 'rootId'>): number[] {
  return [itemId, parentId, rootId].filter((id) => id !== null);
}

function placeOf({ root, pathHash }: { root: string; pathHash: string }): string {
  return `${root}/${pathHash}`;
}
