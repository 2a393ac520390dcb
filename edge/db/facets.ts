import type { Bindings } from '../bindings.ts';
import type { FacetKind } from '../catalog/facets.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';
import { hiddenTerm, Parameters, type Scope, seesAll, visible, visibleInIndex } from './scopes.ts';

type Db = Pick<Bindings, 'DB'>;

export interface FacetListRow {
  id: number;
  kind: FacetKind;
  name: string;
  sortName: string;
  items: number;
}

/** A facet `f` is seen with the first title that is: neither hidden itself, nor with all that it is of. */
export function facetVisible(scope: Scope, p: Parameters): string {
  if (seesAll(scope)) return 'true';
  const hidden = hiddenTerm(scope, p, 'd.item_id', null) || 'true';
  const series =
    scope.hiddenSet === null
      ? 'true'
      : `(d.browse = 1 OR ${hiddenTerm(scope, p, '(SELECT root_id FROM item WHERE id = d.item_id)', null)})`;
  const seen = `EXISTS (SELECT 1 FROM facet_item d WHERE d.facet_id = f.id
    AND ${visibleInIndex(scope, p, 'd.lib_mask')} AND ${hidden} AND ${series})`;
  // First what is known to be hidden whole: looking for a title of it that is not would read them all.
  const whole: string[] = [];
  if (scope.hiddenSet !== null)
    whole.push(`f.id IN (SELECT facet_id FROM hidden_facet WHERE set_id = ${p.add(scope.hiddenSet)})`);
  if (scope.narrow?.faceted) whole.push(`NOT ${mayBeSeen(scope.narrow.setId, p)}`);
  return whole.length === 0 ? seen : `CASE WHEN ${whole.join(' OR ')} THEN 0 ELSE ${seen} END`;
}

/** Whether somebody who has a narrow list may see anything of a facet `f`. */
export function mayBeSeen(setId: number, p: Parameters): string {
  return `EXISTS (SELECT 1 FROM narrow_facet nf WHERE nf.set_id = ${p.add(setId)} AND nf.facet_id = f.id)`;
}

const COLUMNS = 'f.id, f.kind, f.name, f.sort_name AS sortName, f.items';

/** Titles of a list up to which all its facets are fewer than those that a walk by name would pass. */
const MAX_LISTED = 400;

/** The facets of a kind by name, after a place. */
export async function facetPage(
  env: Db,
  scope: Scope,
  kind: FacetKind,
  { after, limit }: { after: { name: string; id: number } | null; limit: number },
): Promise<FacetListRow[]> {
  const parameters = new Parameters(kind, after?.name ?? '', after?.id ?? 0, limit);
  const { narrow } = scope;
  const from =
    narrow?.faceted && narrow.items <= MAX_LISTED
      ? `(SELECT f.* FROM narrow_facet n CROSS JOIN facet f ON f.id = n.facet_id
          WHERE n.set_id = ${parameters.add(narrow.setId)} AND f.kind = ?1 ORDER BY f.sort_name, f.id LIMIT -1)`
      : 'facet';
  const { results } = await env.DB.prepare(
    `SELECT ${COLUMNS} FROM ${from} f WHERE f.kind = ?1 AND f.items > 0 AND (f.sort_name, f.id) > (?2, ?3)
      AND ${facetVisible(scope, parameters)} ORDER BY f.sort_name, f.id LIMIT ?4`,
  )
    .bind(...parameters.values)
    .all<FacetListRow>();
  return results;
}

/** A facet that a person sees something of, or null. */
export function facetById(env: Db, scope: Scope, id: number): Promise<FacetListRow | null> {
  const parameters = new Parameters(id);
  return env.DB.prepare(
    `SELECT ${COLUMNS} FROM facet f WHERE f.id = ?1 AND f.items > 0 AND ${facetVisible(scope, parameters)}`,
  )
    .bind(...parameters.values)
    .first<FacetListRow>();
}

/** Traits of one kind that are listed. */
const MAX_TRAITS = 100;

/** What files give the titles that a person sees: codecs, languages, and sites with their names. */
export async function traitsSeen(
  env: Db,
  scope: Scope,
): Promise<{ kind: 'codec' | 'language' | 'site'; name: string; siteName: string | null }[]> {
  const results = await env.DB.batch<{ kind: 'codec' | 'language' | 'site'; name: string; siteName: string | null }>(
    (['codec', 'language', 'site'] as const).map((kind) => {
      const p = new Parameters(kind, MAX_TRAITS);
      return env.DB.prepare(
        `SELECT f.kind, f.name, s.name AS siteName FROM facet f
        LEFT JOIN site s ON f.kind = 'site' AND s.id = CAST(f.name AS INTEGER)
        WHERE f.kind = ?1 AND f.items > 0 AND ${facetVisible(scope, p)} ORDER BY f.sort_name, f.id LIMIT ?2`,
      ).bind(...p.values);
    }),
  );
  return results.flatMap((result) => result.results);
}

/** The newest episodes that a person takes part in as a guest. */
export async function episodesOfPerson(env: Db, scope: Scope, facetId: number, limit: number): Promise<CardRow[]> {
  const parameters = new Parameters(scope.userId, facetId, limit);
  const { results } = await env.DB.prepare(
    `SELECT ${CARD_COLUMNS} FROM facet_item d CROSS JOIN item i ON i.id = d.item_id ${CARD_JOINS}
    WHERE d.facet_id = ?2 AND d.browse = 0 AND i.deleted_at IS NULL AND ${visible(scope, parameters)}
    ORDER BY d.added_at DESC, d.item_id DESC LIMIT ?3`,
  )
    .bind(...parameters.values)
    .all<CardRow>();
  return results;
}

/** How many rows of rare facets likeness looks at; what half of all titles have says nothing. */
const MAX_ALIKE_ROWS = 2_000;

/** The most alike, of which a person may not see all. */
const MAX_ALIKE = 200;

/** Titles that have most of an item's rarer facets too, the most alike first. */
export async function similarIds(env: Db, scope: Scope, itemId: number, limit: number): Promise<number[]> {
  const { results: facets } = await env.DB.prepare(
    `SELECT f.id, f.items FROM item_facet x CROSS JOIN facet f ON f.id = x.facet_id
    WHERE x.item_id = ?1 AND f.kind IN ('genre', 'tag', 'studio', 'collection', 'person') AND f.items > 1
    ORDER BY f.items, f.id LIMIT 40`,
  )
    .bind(itemId)
    .all<{ id: number; items: number }>();
  let rows = 0;
  const rare = facets.filter(({ items }) => {
    rows += items;
    return rows <= MAX_ALIKE_ROWS;
  });
  const weights = JSON.stringify(rare.map(({ id, items }) => [id, 1 / Math.log2(1 + items)]));
  const parameters = new Parameters(itemId, weights, limit);
  const hidden = hiddenTerm(scope, parameters, 'a.id', null) || 'true';
  const { results } = await env.DB.prepare(
    `SELECT a.id FROM (
      SELECT d.item_id AS id FROM json_each(?2) j CROSS JOIN facet_item d ON d.facet_id = j.value->>0
      WHERE d.item_id <> ?1 AND d.browse = 1 AND ${visibleInIndex(scope, parameters, 'd.lib_mask')}
      GROUP BY d.item_id ORDER BY sum(j.value->>1) DESC, d.item_id LIMIT ${MAX_ALIKE}) a
    WHERE ${hidden} LIMIT ?3`,
  )
    .bind(...parameters.values)
    .all<{ id: number }>();
  return results.map((row) => row.id);
}
