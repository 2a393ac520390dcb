import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Bindings } from '../bindings.ts';
import { agent, file, site } from './schema.ts';

/** Most copies of one item that are looked at. */
const MAX_COPIES = 100;

/** A media file of an item on one agent. */
export interface CopyRow {
  id: number;
  agentId: string;
  agentName: string;
  siteId: number;
  siteName: string;
  /** Kbit/s of the site's line for viewers elsewhere, all together; null is no limit. */
  siteUplinkKbps: number | null;
  root: string;
  pathHash: string;
  fingerprint: string;
  /** Below its root. */
  path: string;
  size: number;
  /** Milliseconds since 1970. */
  mtimeMs: number;
  media: MediaInfo;
}

/** The live copies of an item, the oldest first. Empty for a series or a season. */
export async function copiesOfItem(env: Pick<Bindings, 'DB'>, itemId: number): Promise<CopyRow[]> {
  const rows = await drizzle(env.DB)
    .select({
      id: file.id,
      agentId: file.agentId,
      agentName: agent.name,
      siteId: site.id,
      siteName: site.name,
      siteUplinkKbps: site.uplinkKbps,
      root: file.root,
      pathHash: file.pathHash,
      fingerprint: file.fingerprint,
      path: file.path,
      size: file.size,
      mtimeMs: file.mtimeMs,
      media: file.media,
    })
    .from(file)
    .innerJoin(agent, eq(agent.id, file.agentId))
    .innerJoin(site, eq(site.id, agent.siteId))
    .where(and(eq(file.itemId, itemId), isNull(file.deletedAt), isNotNull(file.media), isNull(agent.removedAt)))
    .orderBy(asc(file.id))
    .limit(MAX_COPIES);
  return rows.flatMap(({ fingerprint, media, ...row }) =>
    fingerprint !== null && media !== null ? [{ ...row, fingerprint, media }] : [],
  );
}
