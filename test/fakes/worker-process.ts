import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { hashCode } from '../../edge/identity/codes.ts';
import { applyMigrations } from '../../scripts/local/migrations.ts';
import { passwordService } from '../../scripts/local/password-service.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What is taken over of the deployment's configuration. */
const Config = z.object({
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  ratelimits: z.array(z.object({ name: z.string(), namespace_id: z.string() })),
});

/** Tests and simulations ask more often in a minute than any household. */
const NO_LIMIT = { limit: 1_000_000, period: 60 } as const;

const CODE_LIFE_MS = 3_600_000;

export const SETUP_CODE = 'TEST-SETUP';

export interface WorkerProcess extends AsyncDisposable {
  readonly origin: string;
  readonly miniflare: Miniflare;
  readonly database: Awaited<ReturnType<Miniflare['getD1Database']>>;
  /** A code that enrols one agent. */
  enrolmentCode(): Promise<string>;
}

/**
 * A Worker in a workerd of its own, with the edge's objects, an empty database in the newest schema and one site.
 * `entry` is the Worker's file; it exports the objects' classes.
 */
export async function startWorker(entry: string, { inspect = false } = {}): Promise<WorkerProcess> {
  const config = Config.parse(parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')));
  const bundle = await build({
    entryPoints: [join(ROOT, entry)],
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
      ...(inspect ? { inspectorPort: 0 } : {}),
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
      bindings: { HEARTHCAST_SECRET: 'test-secret-test-secret-test-secret-test-sec', SETUP_CODE },
    } as never),
  );
  const { origin } = await miniflare.ready;
  const database = await miniflare.getD1Database('DB');
  await applyMigrations(database as never, join(ROOT, 'migrations'));
  await database.prepare("INSERT INTO site (name, created_at) VALUES ('Home', 0)").run();
  let codes = 0;
  return {
    origin,
    miniflare,
    database,
    async enrolmentCode() {
      const code = `TEST-${String(++codes).padStart(4, '0')}`;
      await database
        .prepare('INSERT INTO enrolment (code_hash, site_id, created_at, expires_at) VALUES (?1, 1, 0, ?2)')
        .bind(await hashCode('enrolment', code), Date.now() + CODE_LIFE_MS)
        .run();
      return code;
    },
    async [Symbol.asyncDispose]() {
      await miniflare.dispose();
    },
  };
}
