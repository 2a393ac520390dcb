import { asc, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Bindings } from '../bindings.ts';
import { site } from './schema.ts';

export interface SiteRow {
  id: number;
  name: string;
  /** Kbit/s for viewers elsewhere; null is no limit. */
  uplinkKbps: number | null;
}

const COLUMNS = { id: site.id, name: site.name, uplinkKbps: site.uplinkKbps };

/** All sites, the first one made first. */
export function listSites(env: Pick<Bindings, 'DB'>): Promise<SiteRow[]> {
  return drizzle(env.DB).select(COLUMNS).from(site).orderBy(asc(site.id));
}

/** A new site, or null where there is one of this name. */
export async function insertSite(env: Pick<Bindings, 'DB'>, name: string, now: number): Promise<SiteRow | null> {
  const [row] = await drizzle(env.DB)
    .insert(site)
    .values({ name, createdAt: now })
    .onConflictDoNothing()
    .returning(COLUMNS);
  return row ?? null;
}

/** Sets what viewers elsewhere may take of a site's line; null where there is no such site. */
export async function setUplink(
  env: Pick<Bindings, 'DB'>,
  siteId: number,
  uplinkKbps: number | null,
): Promise<SiteRow | null> {
  const [row] = await drizzle(env.DB).update(site).set({ uplinkKbps }).where(eq(site.id, siteId)).returning(COLUMNS);
  return row ?? null;
}
