import { asc } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Env } from '../env.ts';
import { site } from './schema.ts';

export interface SiteRow {
  id: number;
  name: string;
}

/** All sites, the first one made first. */
export function listSites(env: Pick<Env, 'DB'>): Promise<SiteRow[]> {
  return drizzle(env.DB).select({ id: site.id, name: site.name }).from(site).orderBy(asc(site.id));
}

/** A new site, or null where there is one of this name. */
export async function insertSite(env: Pick<Env, 'DB'>, name: string, now: number): Promise<SiteRow | null> {
  const [row] = await drizzle(env.DB)
    .insert(site)
    .values({ name, createdAt: now })
    .onConflictDoNothing()
    .returning({ id: site.id, name: site.name });
  return row ?? null;
}
