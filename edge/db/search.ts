import type { ItemKind } from '../../shared/api/items.ts';
import type { Bindings } from '../bindings.ts';
import type { FacetKind } from '../catalog/facets.ts';
import { facetVisible, mayBeSeen } from './facets.ts';
import { hiddenTerm, Parameters, type Scope, seesAll, visible } from './scopes.ts';

/** Hits of the full-text index that are looked at: ranking all titles of a short prefix would read them all. */
const MAX_HITS = 300;

/** For a person who does not see everything, so many more may be looked at to find as many. */
const MAX_HITS_NARROWED = 600;

/** Up to so many titles are all looked at, where a person sees no more. */
const MAX_LISTED = 4_000;

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
}

/** Items with each of the words (`found`), those whose sort title begins with `beginning`, and facets of the words. */
export async function searchRows(
  env: Pick<Bindings, 'DB'>,
  scope: Scope,
  words: readonly Spellings[],
  beginning: string,
  ranking: Ranking,
): Promise<{ found: HitRow[]; begin: HitRow[]; facets: FacetHitRow[] }> {
  // Quoted, so that no word is an operator.
  const match = words
    .map((spellings) => `(${spellings.map(({ word, prefix }) => `"${word}"${prefix ? '*' : ''}`).join(' OR ')})`)
    .join(' AND ');
  // The index of prefixes begins at two letters: one letter alone would read every word that begins with it.
  const oneLetter = words.every((spellings) => spellings.every(({ word, prefix }) => prefix && [...word].length === 1));
  const statements = [
    ...(beginning === '' ? [] : [beginStatement(env, scope, beginning)]),
    ...(oneLetter
      ? []
      : [foundStatement(env, scope, match, hitsOf(scope, words), ranking), facetStatement(env, scope, match)]),
  ];
  if (statements.length === 0) return { found: [], begin: [], facets: [] };
  const results = await env.DB.batch<HitRow | FacetHitRow>(statements);
  const begin = beginning === '' ? [] : (results.shift()?.results ?? []);
  return {
    begin: begin as HitRow[],
    found: (results[0]?.results ?? []) as HitRow[],
    facets: (results[1]?.results ?? []) as FacetHitRow[],
  };
}

/** How many hits are looked at. */
function hitsOf(scope: Scope, words: readonly Spellings[]): number {
  const short = words.every((spellings) => spellings.every(({ word }) => [...word].length <= SHORT));
  return seesAll(scope) || short ? MAX_HITS : MAX_HITS_NARROWED;
}

function beginStatement(env: Pick<Bindings, 'DB'>, scope: Scope, beginning: string): D1PreparedStatement {
  const { narrow } = scope;
  const p = new Parameters(beginning, `${beginning}\u{10ffff}`, MAX_BEGINNINGS);
  const [from, seen] =
    narrow && narrow.items <= MAX_LISTED
      ? [`SELECT item_id AS id FROM narrow_item WHERE set_id = ${p.add(narrow.setId)}`, 'true']
      : ['SELECT id FROM item WHERE browse = 1 AND deleted_at IS NULL', visible(scope, p)];
  const many = p.add(seesAll(scope) ? MAX_BEGINNINGS : MAX_HITS_NARROWED);
  return env.DB.prepare(
    `SELECT ${HIT} FROM (${from} AND sort_title >= ?1 AND sort_title < ?2 ORDER BY sort_title, id LIMIT ${many}) b
    CROSS JOIN item i ON i.id = b.id LEFT JOIN item s ON s.id = i.root_id WHERE ${seen} LIMIT ?3`,
  ).bind(...p.values);
}

function foundStatement(
  env: Pick<Bindings, 'DB'>,
  scope: Scope,
  match: string,
  hits: number,
  { query, first }: Ranking,
): D1PreparedStatement {
  const p = new Parameters(match, hits, Math.min(first, MAX_HITS), query, `${query}\u{10ffff}`);
  // What is hidden is asked of hits in their order, until enough are found: each is asked for all that it has.
  const known = visible({ ...scope, hiddenSet: null }, p);
  const hidden = hiddenTerm(scope, p, 'i.id', 'i.rootId') || 'true';
  return env.DB.prepare(
    `SELECT i.id, i.kind, i.title, i.sortTitle FROM (
      SELECT ${HIT}, i.root_id AS rootId FROM (SELECT rowid AS id FROM item_fts WHERE item_fts MATCH ?1 LIMIT ?2) f
      CROSS JOIN item i ON i.id = f.id AND i.deleted_at IS NULL LEFT JOIN item s ON s.id = i.root_id
      WHERE ${known}
      ORDER BY i.kind = 'episode', i.sort_title <> ?4, i.sort_title < ?4 OR i.sort_title >= ?5, i.sort_title, i.id
      LIMIT ${MAX_HITS_NARROWED}) i
    WHERE ${hidden} LIMIT ?3`,
  ).bind(...p.values);
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
  return env.DB.prepare(
    `SELECT f.id, f.kind, f.name FROM (${hits}) h
    CROSS JOIN facet f ON f.id = h.id AND f.items > 0 WHERE ${seen} ORDER BY ${order} LIMIT ?3`,
  ).bind(...parameters.values);
}
