import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { hashCode } from '../../edge/identity/codes.ts';
import { applyMigrations } from '../../scripts/local/migrations.ts';
import { passwordService } from '../../scripts/local/password-service.ts';
import { SignedIn } from '../../shared/api/auth.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';

const ROOT = join(import.meta.dirname, '../..');
const OWNER = { username: 'Ada', password: 'correct horse battery' } as const;

/** What a simulated deployment takes over of the real one's configuration. */
const Config = z.object({
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  ratelimits: z.array(z.object({ name: z.string(), namespace_id: z.string() })),
});

/** Two hundred viewers of one account ask more often than any household. */
const NO_LIMIT = { limit: 1_000_000, period: 60 } as const;

/** The whole edge in workerd on a port of its own, with an owner who is signed in. */
export interface Deployment extends AsyncDisposable {
  readonly origin: string;
  /** A code that enrols one agent. */
  enrolmentCode(): Promise<string>;
  /** Makes an item with copies on agents: the same bytes on each. */
  item(title: string, media: MediaInfo, agentIds: readonly string[]): Promise<number>;
  call(method: string, path: string, body?: unknown): Promise<Response>;
}

export async function startDeployment(): Promise<Deployment> {
  const config = Config.parse(parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')));
  const bundle = await build({
    entryPoints: [join(ROOT, 'edge/index.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    write: false,
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: 'ESModule', path: 'edge.mjs', contents: bundle.outputFiles[0]?.text ?? '' }],
      compatibilityDate: config.compatibility_date,
      compatibilityFlags: config.compatibility_flags,
      host: '127.0.0.1',
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      logRequests: false,
      handleStructuredLogs() {},
      d1Databases: { DB: 'hearthcast' },
      r2Buckets: { IMAGES: 'images', BACKUPS: 'backups' },
      durableObjects: {
        AGENT_LINK: { className: 'AgentLink', useSQLite: true },
        PLAYBACK_SESSION: { className: 'PlaybackSession', useSQLite: true },
        FLEET: { className: 'Fleet', useSQLite: true },
        EVENT_HUB: { className: 'EventHub', useSQLite: true },
      },
      ratelimits: Object.fromEntries(
        config.ratelimits.map(({ name, namespace_id }) => [name, { namespace_id, simple: NO_LIMIT }]),
      ),
      serviceBindings: { PASSWORDS: passwordService as never },
      bindings: { HEARTHCAST_SECRET: 'sim-secret-sim-secret-sim-secret-sim-secret-', SETUP_CODE: 'SIM-SETUP' },
    } as never),
  );
  const { origin } = await miniflare.ready;
  const database = await miniflare.getD1Database('DB');
  await applyMigrations(database as never, join(ROOT, 'migrations'));
  await database.prepare("INSERT INTO site (name, created_at) VALUES ('Home', 0)").run();
  let token = await signUp(origin);
  let codes = 0;
  return {
    origin,
    async enrolmentCode() {
      const code = `SIMU-${String(++codes).padStart(4, '0')}`;
      await database
        .prepare('INSERT INTO enrolment (code_hash, site_id, created_at, expires_at) VALUES (?1, 1, 0, ?2)')
        .bind(await hashCode('enrolment', code), Date.now() + 3_600_000)
        .run();
      return code;
    },
    async item(title, media, agentIds) {
      const row = await database
        .prepare(
          `INSERT INTO item (key, kind, browse, title, sort_title, added_at) VALUES (?1, 'movie', 1, ?1, ?1, 1) RETURNING id`,
        )
        .bind(title)
        .first<{ id: number }>();
      const id = row?.id as number;
      const fingerprint = id.toString(16).padStart(32, '0');
      for (const agentId of agentIds) {
        await database
          .prepare(
            `INSERT INTO file (agent_id, root, path_hash, epoch, rev, item_id, path, size, mtime_ms, fingerprint, media)
             VALUES (?, 'films', ?, 'epoch', 1, ?, 'a.mp4', 1000, 1, ?, ?)`,
          )
          .bind(agentId, fingerprint, id, fingerprint, JSON.stringify(media))
          .run();
      }
      return id;
    },
    async call(method, path, body) {
      const ask = () =>
        fetch(`${origin}/api/v1${path}`, {
          method,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      const answer = await ask();
      if (answer.status !== 401) return answer;
      // A long run outlives its access token.
      await answer.arrayBuffer();
      token = await tokenOf(origin, 'login', OWNER);
      return ask();
    },
    async [Symbol.asyncDispose]() {
      await miniflare.dispose();
    },
  };
}

function signUp(origin: string): Promise<string> {
  return tokenOf(origin, 'setup', { ...OWNER, setupCode: 'SIM-SETUP' });
}

async function tokenOf(origin: string, way: 'setup' | 'login', said: object): Promise<string> {
  const response = await fetch(`${origin}/api/v1/auth/${way}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...said, delivery: 'body' }),
  });
  const answer: unknown = await response.json();
  const signedIn = SignedIn.safeParse(answer);
  if (!signedIn.success) throw new Error(`${way}: ${response.status} ${JSON.stringify(answer)}`);
  return signedIn.data.accessToken as string;
}
