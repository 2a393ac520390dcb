import { hiddenSets, Parameters, type Scope, seesAll, visible } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import type { Principal } from '../identity/principal.ts';

/** What is younger than this is believed: so long may a newly hidden tag still be seen through another isolate. */
const FRESH_MS = 5_000;

type Asking = Pick<Principal, 'userId' | 'role' | 'restrictions' | 'hiddenAsOf'>;

let hidden: { sets: Promise<Map<number, number>>; readAt: number } | null = null;

/** What a person sees. Owners and admins see everything; children with an age limit nothing that nobody rated. */
export async function scopeOf(
  env: Pick<Env, 'DB'>,
  { userId, role, restrictions, hiddenAsOf = userId }: Asking,
): Promise<Scope> {
  if (role === 'owner' || role === 'admin') {
    return { userId, libMask: null, maxAge: null, unrated: true, hiddenSet: null };
  }
  const { libMask, maxAge } = restrictions;
  const now = Date.now();
  if (!hidden || now - hidden.readAt >= FRESH_MS) {
    const sets = hiddenSets(env);
    hidden = { sets, readAt: now };
    // A read that failed must not be believed by those who come later.
    sets.catch(() => forgetHidden());
  }
  const hiddenSet = (await hidden.sets).get(hiddenAsOf) ?? null;
  return { userId, libMask, maxAge, unrated: !(role === 'child' && maxAge !== null), hiddenSet };
}

/** Somebody's hidden facets were changed here. */
export function forgetHidden(): void {
  hidden = null;
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
