import type { FacetKind } from '../catalog/facets.ts';
import type { Env } from '../env.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';
import { facetVisible } from './facets.ts';
import { Parameters, type Scope, seesAll, visible } from './scopes.ts';

/** Hits of the full-text index that are looked at: ranking all titles of a short prefix would read them all. */
const MAX_HITS = 300;

/** For a person who sees little, so many more may be looked at to find as many. */
const MAX_HITS_NARROWED = 2_000;

/** Titles that begin with the query, which must not be missing among them. */
const MAX_BEGINNINGS = 100;

const MAX_FACETS = 10;
const MAX_FACET_HITS = 60;

export type HitRow = CardRow & { sortTitle: string };

export interface FacetHitRow {
  id: number;
  kind: FacetKind;
  name: string;
}

/** Each word with the spellings that count for it: prefixes or whole words. Words hold letters and digits alone. */
export type Spellings = readonly { word: string; prefix: boolean }[];

/** Items with each of the words (`found`), those whose sort title begins with `beginning`, and facets of the words. */
export async function searchRows(
  env: Pick<Env, 'DB'>,
  scope: Scope,
  words: readonly Spellings[],
  beginning: string,
): Promise<{ found: HitRow[]; begin: HitRow[]; facets: FacetHitRow[] }> {
  // Quoted, so that no word is an operator.
  const match = words
    .map((spellings) => `(${spellings.map(({ word, prefix }) => `"${word}"${prefix ? '*' : ''}`).join(' OR ')})`)
    .join(' AND ');
  // The index of prefixes begins at two letters: one letter alone would read every word that begins with it.
  const oneLetter = words.every((spellings) => spellings.every(({ word, prefix }) => prefix && [...word].length === 1));
  const statements = [
    ...(beginning === '' ? [] : [beginStatement(env, scope, beginning)]),
    ...(oneLetter ? [] : [foundStatement(env, scope, match), facetStatement(env, scope, match)]),
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

function beginStatement(env: Pick<Env, 'DB'>, scope: Scope, beginning: string): D1PreparedStatement {
  const parameters = new Parameters(scope.userId, beginning, `${beginning}\u{10ffff}`, MAX_BEGINNINGS);
  return env.DB.prepare(
    `SELECT ${CARD_COLUMNS}, i.sort_title AS sortTitle FROM item i ${CARD_JOINS}
    WHERE i.browse = 1 AND i.deleted_at IS NULL AND i.sort_title >= ?2 AND i.sort_title < ?3
      AND ${visible(scope, parameters)}
    ORDER BY i.sort_title, i.id LIMIT ?4`,
  ).bind(...parameters.values);
}

function foundStatement(env: Pick<Env, 'DB'>, scope: Scope, match: string): D1PreparedStatement {
  const parameters = new Parameters(scope.userId, match, seesAll(scope) ? MAX_HITS : MAX_HITS_NARROWED, MAX_HITS);
  return env.DB.prepare(
    `SELECT ${CARD_COLUMNS}, i.sort_title AS sortTitle
    FROM (SELECT rowid AS id FROM item_fts WHERE item_fts MATCH ?2 LIMIT ?3) f
    CROSS JOIN item i ON i.id = f.id AND i.deleted_at IS NULL ${CARD_JOINS}
    WHERE ${visible(scope, parameters)} LIMIT ?4`,
  ).bind(...parameters.values);
}

function facetStatement(env: Pick<Env, 'DB'>, scope: Scope, match: string): D1PreparedStatement {
  const parameters = new Parameters(match, MAX_FACET_HITS, MAX_FACETS);
  const seen = facetVisible(scope, parameters);
  // How much hangs on a facet is told to those alone who see all of it: in the order too.
  const order = seesAll(scope) ? 'f.items DESC, f.id' : 'f.sort_name, f.id';
  return env.DB.prepare(
    `SELECT f.id, f.kind, f.name FROM (SELECT rowid AS id FROM facet_fts WHERE facet_fts MATCH ?1 LIMIT ?2) h
    CROSS JOIN facet f ON f.id = h.id AND f.items > 0 WHERE ${seen} ORDER BY ${order} LIMIT ?3`,
  ).bind(...parameters.values);
}
