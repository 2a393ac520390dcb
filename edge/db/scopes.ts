import type { Bindings } from '../bindings.ts';

/** What one person sees of the catalog. */
export interface Scope {
  userId: number;
  /** Sum of the bits of the libraries that they see; null for all. */
  libMask: number | null;
  /** Years of age up to which titles are shown; null for all. */
  maxAge: number | null;
  /** Whether titles that nobody rated are shown. */
  unrated: boolean;
  /** The set of facets that are hidden from them, with all that carries one. */
  hiddenSet: number | null;
  /** The list of all titles that they see, where it is kept, and whether the one of their facets is too. */
  narrow?: { setId: number; items: number; faceted?: boolean };
  /** When something was last taken from what restricted people see: addresses of pictures count from then. */
  shownEpoch?: number;
  /** Which part of all titles they see, as far as it is known: what pages are planned by. */
  share?: number;
}

/** The parameters of one statement, by number: what a condition needs is added where it is written. */
export class Parameters {
  readonly values: (string | number | null)[];

  constructor(...values: (string | number | null)[]) {
    this.values = values;
  }

  add(value: string | number): string {
    this.values.push(value);
    return `?${this.values.length}`;
  }
}

/** Whether a person sees everything. */
export function seesAll({ libMask, maxAge, unrated, hiddenSet }: Scope): boolean {
  return libMask === null && maxAge === null && unrated && hiddenSet === null;
}

/**
 * The condition under which a person sees an item `i` of the series `s` (none for a movie): by its libraries, by its
 * age or else that of its series, and by whatever of it or of its series is hidden.
 */
export function visible(scope: Scope, parameters: Parameters, i = 'i', s = 's'): string {
  const terms = [libraryTerm(scope, parameters, `${i}.lib_mask`)];
  const age = `coalesce(${i}.age, ${s}.age)`;
  if (scope.maxAge !== null)
    terms.push(`coalesce(${age}, ${scope.unrated ? 0 : 999}) <= ${parameters.add(scope.maxAge)}`);
  else if (!scope.unrated) terms.push(`${age} IS NOT NULL`);
  // Last, since it asks for other rows.
  terms.push(hiddenTerm(scope, parameters, `${i}.id`, `${i}.root_id`));
  return terms.filter((term) => term !== '').join(' AND ') || 'true';
}

/** The same over the columns that the indexes of grids carry: `age` is 999 for none. */
export function visibleInIndex(scope: Scope, parameters: Parameters, lib: string | null): string {
  const terms = lib === null ? [] : [libraryTerm(scope, parameters, lib)];
  if (scope.maxAge !== null) {
    const known = `d.age <= ${parameters.add(scope.maxAge)}`;
    terms.push(scope.unrated ? `(${known} OR d.age = 999)` : known);
  } else if (!scope.unrated) terms.push('d.age < 999');
  return terms.filter((term) => term !== '').join(' AND ') || 'true';
}

/** A unary plus keeps SQLite from beginning at the hidden facets: four times slower. */
export function hiddenTerm({ hiddenSet }: Scope, parameters: Parameters, id: string, rootId: string | null): string {
  if (hiddenSet === null) return '';
  const ids = rootId === null ? `= ${id}` : `IN (${id}, ${rootId})`;
  return `NOT EXISTS (SELECT 1 FROM item_facet rf WHERE rf.item_id ${ids} AND +rf.facet_id IN (
    SELECT facet_id FROM hidden_facet WHERE set_id = ${parameters.add(hiddenSet)}))`;
}

function libraryTerm({ libMask }: Scope, parameters: Parameters, column: string): string {
  return libMask === null ? '' : `(${column} & ${parameters.add(libMask)}) <> 0`;
}

/** Who has which set of hidden facets. Answers userId and setId. */
export function hiddenStatement(db: D1Database): D1PreparedStatement {
  return db.prepare('SELECT user_id AS userId, set_id AS setId FROM user_hidden');
}

/** The mark of what was hidden last. Answers `epoch`. */
export function shownEpochStatement(db: D1Database): D1PreparedStatement {
  return db.prepare('SELECT epoch FROM shown_epoch WHERE id = 1');
}

export interface HiddenRow {
  id: number;
  kind: string;
  name: string;
}

/** What is hidden from one person, by kind and name. */
export async function hiddenFrom(env: Pick<Bindings, 'DB'>, userId: number): Promise<HiddenRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT f.id, f.kind, f.name FROM user_hidden u CROSS JOIN hidden_facet h ON h.set_id = u.set_id
    CROSS JOIN facet f ON f.id = h.facet_id WHERE u.user_id = ?1 ORDER BY f.kind, f.sort_name`,
  )
    .bind(userId)
    .all<HiddenRow>();
  return results;
}

/** Hides these facets from a person, and no others; people with the same rules share a set. */
export async function hideFrom(env: Pick<Bindings, 'DB'>, userId: number, facetIds: readonly number[]): Promise<void> {
  const ids = [...new Set(facetIds)].sort((a, b) => a - b);
  if (ids.length === 0) {
    await env.DB.prepare('DELETE FROM user_hidden WHERE user_id = ?1').bind(userId).run();
    return;
  }
  const rules = ids.join(',');
  const json = JSON.stringify(ids);
  await env.DB.batch([
    env.DB.prepare('INSERT INTO rset (rules) VALUES (?1) ON CONFLICT DO NOTHING').bind(rules),
    env.DB.prepare(
      `INSERT OR IGNORE INTO hidden_facet (set_id, facet_id)
      SELECT r.id, j.value FROM rset r, json_each(?2) j WHERE r.rules = ?1`,
    ).bind(rules, json),
    env.DB.prepare(
      `INSERT INTO user_hidden (user_id, set_id) SELECT ?2, id FROM rset WHERE rules = ?1
      ON CONFLICT (user_id) DO UPDATE SET set_id = excluded.set_id`,
    ).bind(rules, userId),
  ]);
}
