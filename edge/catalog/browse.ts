import { z } from 'zod';
import type { Home, ItemCard, ItemDetail, ItemsQuery, UserData } from '../../shared/api/items.ts';
import type { Page, PageQuery } from '../../shared/api/paging.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { copiesOfItem } from '../db/copies.ts';
import { homeRows } from '../db/home.ts';
import { cardById, childrenOf, itemById, itemDetail } from '../db/items.ts';
import { libraryExists } from '../db/libraries.ts';
import { libraryPage } from '../db/library-pages.ts';
import type { Env } from '../env.ts';
import { cardOf } from './cards.ts';
import { CursorId, decodeCursor, encodeCursor } from './cursors.ts';
import { presenceOfAgents } from './presence.ts';

const GridCursor = z.object({
  sort: z.enum(['added', 'title', 'year']),
  dir: z.enum(['asc', 'desc']),
  key: z.union([z.number(), z.string().max(200)]),
  id: CursorId,
});

const ChildCursor = z.object({ after: z.number().int() });

/** Titles from A, everything else from the newest. */
const NATURAL = { added: 'desc', title: 'asc', year: 'desc' } as const;

/** One page of a library's grid. The cursor names a place, so that what is added meanwhile shifts nothing. */
export async function browseLibrary(
  env: Env,
  userId: number,
  libraryId: number,
  query: ItemsQuery,
): Promise<Page<ItemCard>> {
  const { sort, limit } = query;
  const dir = query.dir ?? NATURAL[sort];
  const after = decodeCursor(query.cursor, GridCursor);
  if (after && (after.sort !== sort || after.dir !== dir || (typeof after.key === 'string') !== (sort === 'title'))) {
    throw new HearthcastError('bad-request', 'The cursor is of another order. Begin again without it.');
  }
  const rows = await libraryPage(env, userId, libraryId, { sort, dir, after, limit: limit + 1 });
  if (rows.length === 0 && !(await libraryExists(env, libraryId))) throw new HearthcastError('not-found');
  return pageOf(rows, limit, (row) => ({ sort, dir, key: row.sortKey, id: row.id }));
}

/** The seasons of a series, or the episodes of a season. Anything else has none. */
export async function browseChildren(env: Env, userId: number, id: number, query: PageQuery): Promise<Page<ItemCard>> {
  const parent = await itemById(env, id);
  if (!parent) throw new HearthcastError('not-found');
  const after = decodeCursor(query.cursor, ChildCursor)?.after ?? -1;
  const rows = await childrenOf(env, userId, parent, after, query.limit + 1);
  return pageOf(rows, query.limit, (row) => ({ after: row.sortKey }));
}

/** An item with its copies, wherever they lie, and what to play next. */
export async function showItem(env: Env, userId: number, id: number): Promise<ItemDetail> {
  const [detail, copies, agents] = await Promise.all([
    itemDetail(env, userId, id),
    copiesOfItem(env, id),
    presenceOfAgents(env),
  ]);
  if (!detail) throw new HearthcastError('not-found');
  const { item, next } = detail;
  return {
    ...cardOf(item),
    overview: item.overview,
    addedAt: item.addedAt,
    library: item.libraryId === null ? null : { id: String(item.libraryId), name: item.libraryName ?? '' },
    seasonId: seasonOf(item),
    copies: copies.map((copy) => ({
      id: String(copy.id),
      site: { id: String(copy.siteId), name: copy.siteName },
      agent: { id: copy.agentId, name: copy.agentName, online: agents.get(copy.agentId)?.online ?? false },
      size: copy.size,
      media: copy.media,
    })),
    next: next ? cardOf(next) : null,
  };
}

/** What a person did with an item. */
export async function showUserData(env: Env, userId: number, id: number): Promise<UserData> {
  const card = await cardById(env, userId, id);
  if (!card) throw new HearthcastError('not-found');
  return cardOf(card).user;
}

/** What the home page shows one person. */
export async function showHome(env: Env, userId: number): Promise<Home> {
  const rows = await homeRows(env, userId);
  const recent = new Map<number, Home['recent'][number]>();
  for (const row of rows.recent) {
    const shelf = recent.get(row.libraryId) ?? {
      library: { id: String(row.libraryId), name: row.libraryName },
      items: [],
    };
    shelf.items.push(cardOf(row));
    recent.set(row.libraryId, shelf);
  }
  return {
    continueWatching: rows.continueWatching.map(cardOf),
    nextUp: rows.nextUp.map(cardOf),
    recent: [...recent.values()],
  };
}

function seasonOf({ id, kind, parentId }: { id: number; kind: string; parentId: number | null }): string | null {
  if (kind === 'season') return String(id);
  return kind === 'episode' && parentId !== null ? String(parentId) : null;
}

/** A page of one row more than it shows: the one too many says that there is a next page. */
function pageOf<R extends Parameters<typeof cardOf>[0]>(
  rows: R[],
  limit: number,
  placeOf: (row: R) => unknown,
): Page<ItemCard> {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(cardOf), next: last ? encodeCursor(placeOf(last)) : null };
}
