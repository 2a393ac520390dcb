import { z } from 'zod';
import type { FacetEntry, Person, Traits } from '../../shared/api/facets.ts';
import type { Page, PageQuery } from '../../shared/api/paging.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { episodesOfPerson, type FacetListRow, facetById, facetPage, traitsSeen } from '../db/facets.ts';
import { type Scope, seesAll } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { showCards } from './cards.ts';
import { CursorId, decodeCursor, encodeCursor } from './cursors.ts';
import type { FacetKind } from './facets.ts';

const FacetCursor = z.object({ name: z.string().max(400), id: CursorId });

/** Episodes that the page of a person shows. */
const MAX_EPISODES = 60;

/** The facets of a kind by name, as far as a person sees a title of each. */
export async function showFacets(env: Env, scope: Scope, kind: FacetKind, query: PageQuery): Promise<Page<FacetEntry>> {
  const after = decodeCursor(query.cursor, FacetCursor);
  const rows = await facetPage(env, scope, kind, { after, limit: query.limit + 1 });
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
  return {
    items: rows.slice(0, query.limit).map((row) => entryOf(scope, row)),
    next: last ? encodeCursor({ name: last.sortName, id: last.id }) : null,
  };
}

/** One facet. Throws `not-found` also where a person sees nothing of it. */
export async function showFacet(env: Env, scope: Scope, id: number): Promise<FacetEntry> {
  const row = await facetById(env, scope, id);
  if (!row) throw new HearthcastError('not-found');
  return entryOf(scope, row);
}

export async function showPerson(env: Env, scope: Scope, id: number): Promise<Person> {
  const entry = await showFacet(env, scope, id);
  if (entry.kind !== 'person') throw new HearthcastError('not-found');
  const episodes = await episodesOfPerson(env, scope, id, MAX_EPISODES);
  return { ...entry, episodes: await showCards(env, scope, episodes) };
}

/** What files give the titles that a person sees, as filters take it. */
export async function showTraits(env: Env, scope: Scope): Promise<Traits> {
  const rows = await traitsSeen(env, scope);
  const names = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => row.name);
  const sites = rows.flatMap(({ kind, name, siteName }) =>
    kind === 'site' && siteName !== null ? [{ id: name, name: siteName }] : [],
  );
  return { codecs: names('codec'), languages: names('language'), sites };
}

function entryOf(scope: Scope, { id, kind, name, items }: FacetListRow): FacetEntry {
  return { id: String(id), kind, name, items: seesAll(scope) ? items : null };
}
