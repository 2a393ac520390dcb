import {
  beginSet,
  buildAgain,
  catalogSize,
  endSet,
  finishSet,
  forgetSet,
  growSet,
  type NarrowSetRow,
  type Rules,
  restrictedPeople,
  setsStatement,
  shrinkSet,
} from '../db/narrow-sets.ts';
import { seesAll } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { scopeKey, scopeOfPerson } from './scope.ts';

/** Lists that are kept at most: each costs a write for each title that it has. */
const MAX_SETS = 16;

/** A list is kept for those who see less than this part of the catalog. */
export const NARROW = 1 / 8;

/** Smaller catalogs are walked. */
const MIN_TITLES = 2_000;

/** Ids that one statement looks at: readers wait as long as it takes. */
const IDS = 5_000;

/** Rows that one statement deletes. */
const ROWS = 5_000;

/** Statements of one call; the clock comes again. */
const PIECES = 200;

/** How long it is believed that a list would be too wide, unless the catalog has doubled. */
const WIDE_FOR_MS = 24 * 3_600_000;

/**
 * Keeps the lists of those who see little: begins those that are missing, builds them on, ends those that nobody
 * needs. Cut off anywhere, the next call goes on. Ingest keeps the lists in step meanwhile. Milliseconds since 1970.
 */
export async function keepNarrowSets(env: Pick<Env, 'DB'>, now: number): Promise<void> {
  const [wanted, { titles, lastId }] = await Promise.all([wantedRules(env), catalogSize(env.DB)]);
  const small = titles < MIN_TITLES;
  const { results: before } = await setsStatement(env.DB).all<NarrowSetRow>();
  const known = new Set(before.map((set) => set.rules));
  const missing = small ? [] : [...wanted.values()].filter((rules) => !known.has(rules.key));
  const room = Math.max(0, MAX_SETS - before.length);
  if (missing.length > 0 && room > 0) {
    await env.DB.batch(missing.slice(0, room).map((rules) => beginSet(env.DB, rules, now)));
  }
  const { results: sets } = await setsStatement(env.DB).all<NarrowSetRow>();
  let pieces = PIECES;
  for (const set of sets) {
    if (!wanted.has(set.rules) || set.state === 'leaving') pieces = await leave(env, set, pieces, now);
    else if (set.state === 'building') pieces = await build(env, set, { titles, lastId, pieces, now });
    else await judge(env, set, titles, now);
  }
}

/** The rules of all who do not see everything, each once. */
async function wantedRules({ DB }: Pick<Env, 'DB'>): Promise<Map<string, Rules>> {
  const wanted = new Map<string, Rules>();
  for (const { id, role, libMask, maxAge, hiddenSet } of await restrictedPeople(DB)) {
    const scope = scopeOfPerson({ userId: id, role, restrictions: { libMask, maxAge } }, hiddenSet);
    if (!seesAll(scope)) wanted.set(scopeKey(scope), { key: scopeKey(scope), ...scope });
  }
  return wanted;
}

async function build(
  { DB }: Pick<Env, 'DB'>,
  set: NarrowSetRow,
  { titles, lastId, pieces, now }: { titles: number; lastId: number; pieces: number; now: number },
): Promise<number> {
  let left = pieces;
  let rows = 0;
  let { afterId } = set;
  for (; left > 0 && afterId < lastId; left--) {
    rows += await growSet(DB, { ...set, afterId }, IDS);
    afterId += IDS;
    if (rows > titles * NARROW) {
      const share = Math.min(1, rows / (afterId - set.afterId));
      await endSet(DB, set.id, 'wide', { items: Math.round(titles * share), titles, now });
      while (left-- > 0 && (await shrinkSet(DB, set.id, ROWS)) === ROWS);
      return left;
    }
  }
  if (afterId >= lastId) await finishSet(DB, set.id, titles, now);
  return left;
}

async function leave({ DB }: Pick<Env, 'DB'>, set: NarrowSetRow, pieces: number, now: number): Promise<number> {
  if (set.state !== 'leaving') await endSet(DB, set.id, 'leaving', { items: 0, titles: 0, now });
  let left = pieces;
  while (left-- > 0 && (await shrinkSet(DB, set.id, ROWS)) === ROWS);
  await forgetSet(DB, set.id);
  return Math.max(0, left);
}

/** A list that has grown too wide goes; one that was too wide is tried again after a day, or in a larger catalog. */
async function judge({ DB }: Pick<Env, 'DB'>, set: NarrowSetRow, titles: number, now: number): Promise<void> {
  if (set.state === 'kept') {
    if (set.items > titles * NARROW * 2) await endSet(DB, set.id, 'wide', { items: set.items, titles, now });
    else if (set.faceted === 0) await buildAgain(DB, set.id);
    return;
  }
  // What an end that was cut off has left.
  if ((await shrinkSet(DB, set.id, ROWS)) === ROWS) return;
  if (titles > 2 * set.titles || now - set.builtAt > WIDE_FOR_MS) await forgetSet(DB, set.id);
}
