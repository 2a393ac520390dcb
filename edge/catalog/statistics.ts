import type { z } from 'zod';
import type { Activity, ActivityQuery, StatsSummary, TopFacets, TopItems, TopQuery } from '../../shared/api/facets.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { catalogSize } from '../db/narrow-sets.ts';
import { type Scope, seesAll } from '../db/scopes.ts';
import { topFacets, topItems, watchDays, watchTotals } from '../db/watch-counts.ts';
import type { Env } from '../env.ts';
import type { Principal } from '../identity/principal.ts';
import { showCards } from './cards.ts';
import type { FacetKind } from './facets.ts';

const DAY_MS = 24 * 3_600_000;

/** Whether the figures of everybody are asked for; they are for owners and admins. Throws `forbidden`. */
function isOfEveryone({ role }: Principal, of: 'me' | 'everyone'): boolean {
  if (of === 'everyone' && role !== 'owner' && role !== 'admin') throw new HearthcastError('forbidden');
  return of === 'everyone';
}

/** The most watched titles. */
export async function showTopItems(
  env: Env,
  principal: Principal,
  scope: Scope,
  { of, by, limit }: TopQuery,
): Promise<z.infer<typeof TopItems>> {
  const rows = await topItems(env, scope, { everyone: isOfEveryone(principal, of), by, limit });
  const cards = await showCards(env, scope, rows);
  return {
    items: rows.flatMap(({ plays, watchedMs }, i) => {
      const item = cards[i];
      return item ? [{ item, plays, watchedMs }] : [];
    }),
  };
}

/** What the watched titles have most in common. */
export async function showTopFacets(
  env: Env,
  principal: Principal,
  scope: Scope,
  kind: FacetKind,
  { of, by, limit }: TopQuery,
): Promise<z.infer<typeof TopFacets>> {
  const rows = await topFacets(env, scope, kind, { everyone: isOfEveryone(principal, of), by, limit });
  return { items: rows.map(({ id, ...row }) => ({ id: String(id), ...row })) };
}

/** Plays by day, the newest first. */
export async function showActivity(
  env: Env,
  principal: Principal,
  { of, days }: ActivityQuery,
  now: number,
): Promise<z.infer<typeof Activity>> {
  const rows = await watchDays(env, principal.userId, isOfEveryone(principal, of), days, now);
  return {
    days: rows.map(({ day, plays, watchedMs }) => ({
      date: new Date(day * DAY_MS).toISOString().slice(0, 10),
      plays,
      watchedMs,
    })),
  };
}

const SUMMARY_DAYS = 30;

/** How much was watched, and how much there is. */
export async function showSummary(
  env: Env,
  principal: Principal,
  scope: Scope,
  of: 'me' | 'everyone',
  now: number,
): Promise<StatsSummary> {
  const since = Math.floor(now / DAY_MS) - SUMMARY_DAYS;
  const [{ all, recent, days }, titles] = await Promise.all([
    watchTotals(env, principal.userId, isOfEveryone(principal, of), since),
    titlesOf(env, scope),
  ]);
  return { all, last30Days: recent, days, titles };
}

/** Without counting: that would read all of the catalog. */
async function titlesOf({ DB }: Env, scope: Scope): Promise<number | null> {
  if (scope.narrow) return scope.narrow.items;
  return seesAll(scope) ? (await catalogSize(DB)).titles : null;
}
