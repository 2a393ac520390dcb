import { z } from 'zod';
import type { FacetRef, Home, ItemCard, ItemDetail, UserData } from '../../shared/api/items.ts';
import type { Page, PageQuery } from '../../shared/api/paging.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { copiesOfItem } from '../db/copies.ts';
import { homeRows } from '../db/home.ts';
import { aliasOf, cardById, childrenOf, type ItemFacetRow, itemDetail } from '../db/items.ts';
import type { Scope } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { showCard, showCards } from './cards.ts';
import { decodeCursor, encodeCursor } from './cursors.ts';
import { type DescriptionBody, withEdit } from './descriptions.ts';
import { imageAddress } from './image-words.ts';
import { presenceOfAgents } from './presence.ts';

const ChildCursor = z.object({ after: z.number().int() });

/** The seasons of a series, or the episodes of a season. Anything else has none. */
export async function browseChildren(env: Env, scope: Scope, id: number, query: PageQuery): Promise<Page<ItemCard>> {
  const parent = await cardById(env, scope, id);
  if (!parent) throw new HearthcastError('not-found');
  const after = decodeCursor(query.cursor, ChildCursor)?.after ?? -1;
  const rows = await childrenOf(env, scope, parent, after, query.limit + 1);
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
  return {
    items: await showCards(env, scope, rows.slice(0, query.limit)),
    next: last ? encodeCursor({ after: last.sortKey }) : null,
  };
}

/** An item with its copies, wherever they lie, and what to play next. An id that was merged shows the other title. */
export async function showItem(env: Env, scope: Scope, id: number): Promise<ItemDetail> {
  const [detail, copies, agents] = await Promise.all([
    itemDetail(env, scope, id),
    copiesOfItem(env, id),
    presenceOfAgents(env),
  ]);
  if (!detail) {
    const target = await aliasOf(env, id);
    if (target === null || target === id) throw new HearthcastError('not-found');
    return showItem(env, scope, target);
  }
  const { item, facets, next, extras } = detail;
  const body = withEdit(item.body === null ? null : (JSON.parse(item.body) as DescriptionBody), item.edit);
  return {
    ...(await showCard(env, scope, item)),
    overview: body?.overview ?? null,
    originalTitle: body?.originalTitle ?? null,
    tagline: body?.tagline ?? null,
    premieredAt: body?.premieredAt ?? null,
    certification: body?.certification ?? null,
    externalIds: body?.externalIds ?? {},
    ...{ genres: refsOf(facets, 'genre'), tags: refsOf(facets, 'tag'), studios: refsOf(facets, 'studio') },
    collections: refsOf(facets, 'collection'),
    people: facets
      .filter((facet) => facet.kind === 'person')
      .map(({ id, name, role, character }) => ({ id: String(id), name, roles: role?.split(',') ?? [], character })),
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
    next: next ? await showCard(env, scope, next) : null,
    logo: item.logo === null ? null : await imageAddress(env, scope, item.logo, Date.now()),
    extras: await Promise.all(extras.map(async (row) => ({ ...(await showCard(env, scope, row)), extra: row.extra }))),
  };
}

/** What a person did with an item. */
export async function showUserData(env: Env, scope: Scope, id: number): Promise<UserData> {
  const card = await cardById(env, scope, id);
  if (!card) throw new HearthcastError('not-found');
  return (await showCard(env, scope, card)).user;
}

/** What the home page shows one person. */
export async function showHome(env: Env, scope: Scope): Promise<Home> {
  const rows = await homeRows(env, scope);
  const shelves = new Map<number, { name: string; rows: typeof rows.recent }>();
  for (const row of rows.recent) {
    const shelf = shelves.get(row.libraryId) ?? { name: row.libraryName, rows: [] };
    shelf.rows.push(row);
    shelves.set(row.libraryId, shelf);
  }
  const [continueWatching, nextUp, favorites, recent] = await Promise.all([
    showCards(env, scope, rows.continueWatching),
    showCards(env, scope, rows.nextUp),
    showCards(env, scope, rows.favorites),
    Promise.all(
      [...shelves].map(async ([id, shelf]) => ({
        library: { id: String(id), name: shelf.name },
        items: await showCards(env, scope, shelf.rows),
      })),
    ),
  ]);
  return { continueWatching, nextUp, favorites, recent };
}

function refsOf(facets: readonly ItemFacetRow[], kind: ItemFacetRow['kind']): FacetRef[] {
  return facets.filter((facet) => facet.kind === kind).map(({ id, name }) => ({ id: String(id), name }));
}

function seasonOf({ id, kind, parentId }: { id: number; kind: string; parentId: number | null }): string | null {
  if (kind === 'season') return String(id);
  return kind === 'episode' && parentId !== null ? String(parentId) : null;
}
