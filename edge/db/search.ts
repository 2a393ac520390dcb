import type { ItemKind } from '../../shared/api/items.ts';
import type { Bindings } from '../bindings.ts';
import type { FacetKind } from '../catalog/facets.ts';
import { facetVisible, mayBeSeen } from './facets.ts';
import { hiddenTerm, Parameters, type Scope, seesAll, visible } from './scopes.ts';

/** Hits of the full-text index that are looked at: ranking all titles of a short prefix would read them all. */
const MAX_HITS = 300;

/** For a person who does not see everything, so many more may be looked at to find as many. */
const MAX_HITS_NARROWED = 600;

/** Of those who see so little that it stands in a list, this costs less than it does otherwise. */
const MAX_HITS_LISTED = 3_000;

/** Words up to here begin so many others that only the first hits are looked at, whoever asks. */
const SHORT = 2;

/** Titles that begin with the query, which must not be missing among them. */
const MAX_BEGINNINGS = 100;

const MAX_FACETS = 10;
const MAX_FACET_HITS = 30;

/** Names that are looked up in the list of what a person may see anything of, before so many are asked for a title. */
const MAX_NAMES = 300;

/** What hits are ranked by. */
export interface HitRow {
  id: number;
  kind: ItemKind;
  title: string;
  sortTitle: string;
  /** Whether it is here for the beginning of its sort title alone. */
  begins: 0 | 1;
}

const HIT = 'i.id, i.kind, i.title, i.sort_title AS sortTitle';

export interface FacetHitRow {
  id: number;
  kind: FacetKind;
  name: string;
}

/** Each word with the spellings that count for it: prefixes or whole words. Words hold letters and digits alone. */
export type Spellings = readonly { word: string; prefix: boolean }[];

/** Which hits are wanted: the first so many in order, `query` being what titles are held against. */
export interface Ranking {
  query: string;
  first: number;
  /** Whether a title that begins with the query has each of its words too: an article, say, is lost in a sort title. */
  whole: boolean;
}

/**
 * Items with each of the words, those whose sort title begins with `beginning`, whatever their words, and facets of the
 * words. Items come once or twice and in no order; what is not among the first that were asked for may be missing.
 */
export async function searchRows(
  env: Pick<Bindings, 'DB'>,
  scope: Scope,
  words: readonly Spellings[],
  beginning: string,
  ranking: Ranking,
): Promise<{ items: HitRow[]; facets: FacetHitRow[] }> {
  // Quoted, so that no word is an operator.
  const match = words
    .map((spellings) => `(${spellings.map(({ word, prefix }) => `"${word}"${prefix ? '*' : ''}`).join(' OR ')})`)
    .join(' AND ');
  // The index of prefixes begins at two letters: one letter alone would read every word that begins with it.
  const oneLetter = words.every((spellings) => spellings.every(({ word, prefix }) => prefix && [...word].length === 1));
  const hits = oneLetter ? null : { match, most: hitsOf(scope, words) };
  if (beginning === '' && !hits) return { items: [], facets: [] };
  const [items, facets] = await env.DB.batch<HitRow | FacetHitRow>([
    itemStatement(env, scope, beginning, hits, ranking),
    ...(hits ? [facetStatement(env, scope, match)] : []),
  ]);
  return { items: (items?.results ?? []) as HitRow[], facets: (facets?.results ?? []) as FacetHitRow[] };
}

/** How many hits are looked at. */
function hitsOf(scope: Scope, words: readonly Spellings[]): number {
  const short = words.every((spellings) => spellings.every(({ word }) => [...word].length <= SHORT));
  return seesAll(scope) || short ? MAX_HITS : MAX_HITS_NARROWED;
}

interface Hits {
  match: string;
  /** That are looked at. */
  most: number;
}

/** Titles that begin with the query stand before all others: the rest is asked for where they are too few. */
function itemStatement(
  env: Pick<Bindings, 'DB'>,
  scope: Scope,
  beginning: string,
  hits: Hits | null,
  { query, first, whole }: Ranking,
): D1PreparedStatement {
  const p = new Parameters();
  const begin =
    beginning === '' ? null : beginSql(scope, p, beginning, whole ? Math.min(first, MAX_BEGINNINGS) : MAX_BEGINNINGS);
  const enough = whole && begin && hits ? `(SELECT count(*) FROM b) >= ${p.add(first)}` : 'false';
  const found = hits && foundSql(scope, p, hits, enough, { query, first });
  const both = `WITH b AS MATERIALIZED (${begin}) SELECT * FROM b UNION ALL SELECT * FROM (${found})`;
  return env.DB.prepare(begin && found ? both : (begin ?? found ?? '')).bind(...p.values);
}

function beginSql(scope: Scope, p: Parameters, beginning: string, most: number): string {
  const { narrow } = scope;
  const range = `sort_title >= ${p.add(beginning)} AND sort_title < ${p.add(`${beginning}\u{10ffff}`)}`;
  const [from, seen] = narrow
    ? [
        `SELECT item_id AS id FROM narrow_item INDEXED BY narrow_item_title WHERE set_id = ${p.add(narrow.setId)}`,
        'true',
      ]
    : ['SELECT id FROM item WHERE browse = 1 AND deleted_at IS NULL', visible(scope, p)];
  const many = p.add(narrow || seesAll(scope) ? most : MAX_HITS_NARROWED);
  return `SELECT ${HIT}, 1 AS begins FROM (${from} AND ${range} ORDER BY sort_title, id LIMIT ${many}) b
    CROSS JOIN item i ON i.id = b.id LEFT JOIN item s ON s.id = i.root_id WHERE ${seen} LIMIT ${p.add(most)}`;
}

function foundSql(
  scope: Scope,
  p: Parameters,
  hits: Hits,
  enough: string,
  { query, first }: Pick<Ranking, 'query' | 'first'>,
): string {
  // What is hidden is asked of hits in their order, until enough are found: each is asked for all that it has.
  const known = visible({ ...scope, hiddenSet: null }, p);
  const hidden = hiddenTerm(scope, p, 'i.id', 'i.rootId') || 'true';
  const [from, to] = [p.add(query), p.add(`${query}\u{10ffff}`)];
  return `SELECT i.id, i.kind, i.title, i.sortTitle, 0 AS begins FROM (
      SELECT ${HIT}, i.root_id AS rootId
      FROM (${hitsSql(scope, p, hits, enough)}) f
      CROSS JOIN item i ON i.id = f.id AND i.deleted_at IS NULL LEFT JOIN item s ON s.id = i.root_id
      WHERE ${known}
      ORDER BY i.kind = 'episode', i.sort_title <> ${from}, i.sort_title < ${from} OR i.sort_title >= ${to}, i.sort_title, i.id
      LIMIT ${MAX_HITS_NARROWED}) i
    WHERE ${hidden} LIMIT ${p.add(Math.min(first, MAX_HITS))}`;
}

/** Hits that may be shown; none where there are enough without them. Of a list it is asked which of them it holds. */
function hitsSql({ narrow }: Scope, p: Parameters, { match, most }: Hits, enough: string): string {
  const matched = `SELECT rowid AS id FROM item_fts WHERE item_fts MATCH ${p.add(match)} LIMIT`;
  const first = `${matched} iif(${enough}, 0, ${p.add(most)})`;
  if (!narrow) return first;
  // Episodes stand in no list.
  const series = `EXISTS (SELECT 1 FROM item INDEXED BY item_series WHERE kind = 'series' AND deleted_at IS NULL)`;
  return `SELECT h.id FROM (${matched} iif(${enough}, 0, ${MAX_HITS_LISTED})) h
      CROSS JOIN narrow_item n INDEXED BY narrow_item_item ON n.set_id = ${p.add(narrow.setId)} AND n.item_id = h.id
    UNION ALL SELECT h.id FROM (SELECT id FROM (${first}) WHERE ${series}) h
      CROSS JOIN item e ON e.id = h.id AND e.kind = 'episode'`;
}

function facetStatement(env: Pick<Bindings, 'DB'>, scope: Scope, match: string): D1PreparedStatement {
  const parameters = new Parameters(match, MAX_FACET_HITS, MAX_FACETS);
  const seen = facetVisible(scope, parameters);
  const named = 'SELECT rowid AS id FROM facet_fts WHERE facet_fts MATCH ?1 LIMIT';
  const hits = scope.narrow?.faceted
    ? `SELECT f.id FROM (${named} ${MAX_NAMES}) f WHERE ${mayBeSeen(scope.narrow.setId, parameters)} LIMIT ?2`
    : `${named} ?2`;
  // How much hangs on a facet is told to those alone who see all of it: in the order too.
  const order = seesAll(scope) ? 'f.items DESC, f.id' : 'f.sort_name, f.id';
  // What is dear to ask is asked in that order, until there are enough.
  return env.DB.prepare(
    `SELECT f.id, f.kind, f.name FROM (
      SELECT f.id, f.kind, f.name FROM (${hits}) h CROSS JOIN facet f ON f.id = h.id AND f.items > 0 ORDER BY ${order}
      LIMIT ${MAX_FACET_HITS}) f
    WHERE ${seen} LIMIT ?3`,
  ).bind(...parameters.values);
}
