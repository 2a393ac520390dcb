import { type NarrowSetRow, setsStatement } from '../db/narrow-sets.ts';
import { hiddenStatement, Parameters, type Scope, seesAll, shownEpochStatement, visible } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import type { Principal } from '../identity/principal.ts';

/** What is younger than this is believed: so long may a newly hidden tag still be seen through another isolate. */
const FRESH_MS = 5_000;

type Asking = Pick<Principal, 'userId' | 'role' | 'restrictions' | 'hiddenAsOf'>;

/** What holds for all requests of some seconds. */
interface Known {
  /** Sets of hidden facets by user. */
  hidden: ReadonlyMap<number, number>;
  /** Lists by rules. */
  narrow: ReadonlyMap<string, NarrowSetRow>;
  shownEpoch: number;
}

let known: { facts: Promise<Known>; readAt: number } | null = null;

/** What a person sees, with the list of it where there is one. */
export async function scopeOf(env: Pick<Env, 'DB'>, asking: Asking): Promise<Scope> {
  if (asking.role === 'owner' || asking.role === 'admin') return scopeOfPerson(asking, null);
  const now = Date.now();
  if (!known || now - known.readAt >= FRESH_MS) {
    const facts = readKnown(env);
    known = { facts, readAt: now };
    // A read that failed must not be believed by those who come later.
    facts.catch(() => forgetHidden());
  }
  const { hidden, narrow, shownEpoch } = await known.facts;
  const scope = scopeOfPerson(asking, hidden.get(asking.hiddenAsOf ?? asking.userId) ?? null);
  return { ...scope, shownEpoch, ...narrowed(narrow.get(scopeKey(scope))) };
}

/** Owners and admins see everything; children with an age limit nothing that nobody rated. */
export function scopeOfPerson({ userId, role, restrictions }: Asking, hiddenSet: number | null): Scope {
  if (role === 'owner' || role === 'admin') {
    return { userId, libMask: null, maxAge: null, unrated: true, hiddenSet: null };
  }
  const { libMask, maxAge } = restrictions;
  return { userId, libMask, maxAge, unrated: !(role === 'child' && maxAge !== null), hiddenSet };
}

/** What a list says of those who have its rules. */
export function narrowed(set: NarrowSetRow | undefined): Pick<Scope, 'narrow' | 'share'> {
  if (set?.state === 'kept')
    return {
      narrow: { setId: set.id, items: set.items, faceted: set.faceted === 1 },
      share: set.items / (set.titles || 1),
    };
  return set?.state === 'wide' ? { share: set.items / (set.titles || 1) } : {};
}

async function readKnown({ DB }: Pick<Env, 'DB'>): Promise<Known> {
  const [hidden, sets, shown] = await DB.batch([hiddenStatement(DB), setsStatement(DB), shownEpochStatement(DB)]);
  const users = (hidden?.results ?? []) as { userId: number; setId: number }[];
  const narrow = (sets?.results ?? []) as unknown as NarrowSetRow[];
  return {
    hidden: new Map(users.map(({ userId, setId }) => [userId, setId])),
    narrow: new Map(narrow.map((set) => [set.rules, set])),
    shownEpoch: (shown?.results[0] as { epoch: number } | undefined)?.epoch ?? 0,
  };
}

/** Somebody's hidden facets were changed here. */
export function forgetHidden(): void {
  known = null;
}

/** Whether a person may see, and so play, an item. */
export async function visibleItem(env: Pick<Env, 'DB'>, principal: Asking, itemId: number): Promise<boolean> {
  const scope = await scopeOf(env, principal);
  if (seesAll(scope)) return true;
  const parameters = new Parameters(itemId);
  const row = await env.DB.prepare(
    `SELECT 1 FROM item i LEFT JOIN item s ON s.id = i.root_id
    WHERE i.id = ?1 AND i.deleted_at IS NULL AND ${visible(scope, parameters)}`,
  )
    .bind(...parameters.values)
    .first();
  return row !== null;
}

/** One text for all who see the same. */
export function scopeKey({ libMask, maxAge, unrated, hiddenSet }: Scope): string {
  return `${libMask}/${maxAge}/${unrated}/${hiddenSet}`;
}
