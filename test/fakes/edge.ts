import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { hashCode } from '../../edge/identity/codes.ts';
import { applyMigrations } from '../../scripts/local/migrations.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A real edge in workerd on a port of its own, with the real AgentLink and a plain viewer's way to it. */
export interface TestEdge extends AsyncDisposable {
  readonly origin: string;
  /** Where the Worker's heap can be looked at, when it was started so. */
  readonly inspector?: URL | null;
  /** A code that enrols one agent. */
  enrolmentCode(): Promise<string>;
}

/** What a test edge takes over of the deployment's configuration. */
const Config = z.object({
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  ratelimits: z.array(z.object({ name: z.string(), namespace_id: z.string() })),
});

/** Tests enrol more machines in a minute than any household. */
const NO_LIMIT = { limit: 10_000, period: 60 } as const;

export async function startEdge({ inspect = false }: { inspect?: boolean } = {}): Promise<TestEdge> {
  const config = Config.parse(parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')));
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, 'edge-worker.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    write: false,
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: 'ESModule', path: 'edge.mjs', contents: script }],
      compatibilityDate: config.compatibility_date,
      compatibilityFlags: config.compatibility_flags,
      host: '127.0.0.1',
      port: 0,
      cf: false,
      telemetry: { enabled: false },
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
      bindings: { HEARTHCAST_SECRET: 'test-secret-test-secret-test-secret-test-sec', SETUP_CODE: 'TEST-SETUP' },
    } as never),
  );
  const url = await miniflare.ready;
  const database = await miniflare.getD1Database('DB');
  await applyMigrations(database as never, join(ROOT, 'migrations'));
  await database.prepare("INSERT INTO site (name, created_at) VALUES ('Home', 0)").run();
  let codes = 0;
  return {
    origin: url.origin,
    inspector: inspect ? await miniflare.getInspectorURL() : null,
    async enrolmentCode() {
      const code = `TEST-${String(++codes).padStart(4, '0')}`;
      await database
        .prepare('INSERT INTO enrolment (code_hash, site_id, created_at, expires_at) VALUES (?1, 1, 0, ?2)')
        .bind(await hashCode('enrolment', code), Date.now() + 3_600_000)
        .run();
      return code;
    },
    async [Symbol.asyncDispose]() {
      await miniflare.dispose();
    },
  };
}
