import { env } from 'cloudflare:workers';
import { applyBatch } from '../../edge/catalog/ingest.ts';
import { announceRoots } from '../../edge/catalog/roots.ts';
import { randomId } from '../../edge/identity/sealed.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Claim, SyncBatch, Work } from '../../shared/protocol/sync.ts';

/** A moment that every test of the catalog begins at, in ms since 1970. */
export const NOW = Date.UTC(2026, 0, 15);

export const MEDIA: MediaInfo = {
  container: 'mkv',
  durationMs: 5_400_000,
  startTime: 0,
  bitrate: 8_000_000,
  video: [],
  audio: [],
  subtitles: [],
  chapters: [],
};

/** 32 hex digits that are always the same for one text. */
export async function hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 32);
}

export const movie = (title: string, year: number | null = null): Work => ({ kind: 'movie', title, year });
export const video = (title: string): Work => ({ kind: 'video', title, year: null });
export const episode = (series: string, season: number, number: number, title: string | null = null): Work => ({
  ...{ kind: 'episode', series, year: null, season, episode: number, title },
});

type Present = Extract<Claim, { state: 'present' }>;

/** A claim without its revision, which the batch gives. */
export type Said = { state: 'present' | 'problem' | 'gone'; path: string; root?: string; work?: Work } & Partial<
  Pick<
    Present,
    | 'fingerprint'
    | 'mtimeMs'
    | 'artwork'
    | 'media'
    | 'size'
    | 'metadata'
    | 'seriesMetadata'
    | 'seasonMetadata'
    | 'extra'
  >
>;

/** An enrolled agent with its roots announced, that keeps its own cursor as a real one does. */
export async function agentWith(roots: Record<string, string>, siteName = 'Home') {
  const id = randomId('agt_');
  await env.DB.prepare('INSERT INTO site (name, created_at) VALUES (?1, 0) ON CONFLICT DO NOTHING')
    .bind(siteName)
    .run();
  await env.DB.prepare(
    `INSERT INTO agent (id, site_id, name, public_key, created_at)
    SELECT ?1, id, 'box of ' || name, 'key', 0 FROM site WHERE name = ?2`,
  )
    .bind(id, siteName)
    .run();
  await announceRoots(
    env,
    id,
    Object.entries(roots).map(([root, library]) => ({ id: root, name: root, library, state: 'ok' })),
  );
  const firstRoot = Object.keys(roots)[0] as string;
  const cursor = { epoch: 'epoch-01', revision: 0 };

  async function batchOf(said: Said[], options: { complete?: boolean } = {}): Promise<SyncBatch> {
    const claims = await Promise.all(said.map((one, i) => claimOf(one, firstRoot, cursor.revision + i + 1)));
    return {
      ...{ epoch: cursor.epoch, fromRevision: cursor.revision, toRevision: cursor.revision + said.length },
      ...{ claims, complete: options.complete ?? false },
    };
  }

  return {
    id,
    cursor,
    batchOf,
    begin(epoch: string) {
      cursor.epoch = epoch;
      cursor.revision = 0;
    },
    async send(batch: SyncBatch, now = NOW) {
      const answer = await applyBatch(env, id, batch, now);
      cursor.revision = answer.cursor.revision;
      return answer;
    },
    async say(said: Said[], options: { complete?: boolean; now?: number } = {}) {
      return this.send(await batchOf(said, options), options.now);
    },
  };
}

export type TestAgent = Awaited<ReturnType<typeof agentWith>>;

/** A file that is there. */
export const file = (path: string, work: Work, more: Partial<Said> = {}): Said => ({
  ...{ state: 'present', path, work, ...more },
});
export const gone = (path: string, root?: string): Said => ({ state: 'gone', path, ...(root ? { root } : {}) });
export const broken = (path: string): Said => ({ state: 'problem', path });

async function claimOf(said: Said, firstRoot: string, rev: number): Promise<Claim> {
  const key = { root: said.root ?? firstRoot, pathHash: await hex(said.path), rev };
  if (said.state === 'gone') return { state: 'gone', ...key };
  if (said.state === 'problem') {
    return { state: 'problem', ...key, path: said.path, code: 'not-media', detail: 'This is not a film.' };
  }
  return {
    ...{ state: 'present', ...key, path: said.path, size: said.size ?? 1000, mtimeMs: said.mtimeMs ?? NOW - 1000 },
    ...{ fingerprint: said.fingerprint ?? (await hex(`content ${said.path}`)), work: said.work ?? movie(said.path) },
    ...{ media: said.media ?? MEDIA, artwork: said.artwork ?? {} },
    ...{ metadata: said.metadata, seriesMetadata: said.seriesMetadata, seasonMetadata: said.seasonMetadata },
    ...(said.extra ? { extra: said.extra } : {}),
  };
}

export interface StoredItem {
  id: number;
  key: string;
  kind: string;
  title: string;
  sort_title: string;
  year: number | null;
  lib_mask: number;
  added_at: number;
  duration_ms: number | null;
  episodes: number | null;
  images: string | null;
  deleted_at: number | null;
}

/** The item of a title, deleted or not. */
export async function itemOf(title: string): Promise<StoredItem> {
  const { results } = await env.DB.prepare('SELECT * FROM item WHERE title = ?1').bind(title).all<StoredItem>();
  if (results.length !== 1) throw new Error(`${results.length} items are called ${title}`);
  return results[0] as StoredItem;
}

export async function count(sql: string): Promise<number> {
  const row = await env.DB.prepare(`SELECT count(*) AS n FROM ${sql}`).first<{ n: number }>();
  return row?.n ?? 0;
}
