import type { Bindings } from '../bindings.ts';
import { hiddenTerm, Parameters, type Scope, visibleInIndex } from './scopes.ts';

/** Rows of a library that are looked at, and titles that are counted: beyond it there are "so many and more". */
const MAX_SCAN = 1_000;
const MAX_COUNTED = 500;
/** Where some tags or people are hidden, each title is asked for its own. */
const MAX_ASKED = 100;

/** What a person sees of a library. */
export interface SeenCount {
  /** Null where the first titles do not tell. */
  items: number | null;
  /** There are more. */
  more: boolean;
}

/** How many titles of each of these libraries a person sees who does not see everything, as far as it is worth it. */
export async function countSeen(
  env: Pick<Bindings, 'DB'>,
  scope: Scope,
  libraries: readonly { id: number; items: number }[],
): Promise<Map<number, SeenCount>> {
  if (libraries.length === 0) return new Map();
  const most = scope.hiddenSet === null || scope.narrow ? MAX_COUNTED : MAX_ASKED;
  const results = await env.DB.batch<{ n: number }>(
    libraries.map(({ id }) => {
      const p = new Parameters(id, MAX_SCAN, most + 1);
      const sql = scope.narrow ? ofList(scope.narrow.setId, p) : ofLibrary(scope, p);
      return env.DB.prepare(`SELECT count(*) AS n FROM (${sql} LIMIT ?3)`).bind(...p.values);
    }),
  );
  return new Map(
    libraries.map(({ id, items }, i) => {
      const n = results[i]?.results[0]?.n ?? 0;
      const whole = Math.min(items, scope.narrow?.items ?? items) <= MAX_SCAN;
      if (n > most) return [id, { items: most, more: true }];
      return [id, whole ? { items: n, more: false } : { items: n > 0 ? n : null, more: n > 0 }];
    }),
  );
}

function ofList(setId: number, p: Parameters): string {
  return `SELECT 1 FROM (SELECT lib_mask FROM narrow_item WHERE set_id = ${p.add(setId)} LIMIT ?2) d
    WHERE (d.lib_mask & (SELECT 1 << bit FROM library WHERE id = ?1)) <> 0`;
}

function ofLibrary(scope: Scope, p: Parameters): string {
  return `SELECT 1 FROM (SELECT item_id, age FROM library_item WHERE library_id = ?1 LIMIT ?2) d
    WHERE ${visibleInIndex(scope, p, null)} AND ${hiddenTerm(scope, p, 'd.item_id', null) || 'true'}`;
}
