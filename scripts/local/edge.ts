import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { BUILD, PROJECT } from '../build/paths.ts';
import { parseAssetHeaders } from './asset-headers.ts';
import { applyMigrations } from './migrations.ts';
import { passwordService } from './password-service.ts';

/** The part of wrangler.toml that a local edge takes over, so that both run the very same Worker. */
const WranglerConfig = z.object({
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string(), class_name: z.string() })) }),
  triggers: z.object({ crons: z.array(z.string()) }),
  ratelimits: z.array(
    z.object({
      name: z.string(),
      namespace_id: z.string(),
      simple: z.object({ limit: z.number(), period: z.union([z.literal(10), z.literal(60)]) }),
    }),
  ),
});

/** How often the work of wrangler.toml's cron runs here, where no cron fires by itself. */
const CRON_INTERVAL_MS = 15 * 60_000;

export interface LocalEdge extends AsyncDisposable {
  url: string;
  port: number;
}

export interface LocalEdgeOptions {
  dataDir: string;
  host: string;
  /** 0 takes a free one. */
  port: number;
  bindings: {
    HEARTHCAST_SECRET: string;
    SETUP_CODE: string;
    ENROLMENT_CODE?: string;
    RELEASE_KEY?: string;
    RELEASE_SIGNATURE?: string;
  };
  /** The folder of another release's Worker (`index.js`) and of its migrations, in place of this one's. */
  release?: { worker: string; migrations: string };
  /** Lines that the Worker logs. */
  onLog?: (level: string, line: string) => void;
}

/** Starts the built edge in workerd with persistent D1, Durable Objects and R2 below `dataDir`. */
export async function startEdge(options: LocalEdgeOptions): Promise<LocalEdge> {
  const config = WranglerConfig.parse(parse(readFileSync(join(PROJECT, 'wrangler.toml'), 'utf8')));
  const { release = { worker: BUILD.edge, migrations: join(PROJECT, 'migrations') } } = options;
  const restoreSignals = keepSignals();
  const mf = new Miniflare(
    convertV4MiniflareOptions({
      // Miniflare's own way in, which only its tools use.
      host: '127.0.0.1',
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      logRequests: false,
      handleStructuredLogs: ({ level, message }: { level: string; message: string }) => options.onLog?.(level, message),
      // The only option that keeps data: d1Persist and its like are ignored without a word.
      resourcePersistencePath: join(options.dataDir, 'edge'),
      workers: [
        {
          name: 'hearthcast',
          compatibilityDate: config.compatibility_date,
          compatibilityFlags: config.compatibility_flags,
          rootPath: release.worker,
          modules: [{ type: 'ESModule', path: 'index.js' }],
          // Miniflare passes on what a client writes into CF-Connecting-IP.
          bindings: { ...options.bindings, ADDRESSES: 'unproven' },
          d1Databases: { DB: 'hearthcast' },
          r2Buckets: { IMAGES: 'hearthcast-images', BACKUPS: 'hearthcast-backups' },
          durableObjects: Object.fromEntries(
            config.durable_objects.bindings.map(({ name, class_name }) => [
              name,
              { className: class_name, useSQLite: true },
            ]),
          ),
          ratelimits: Object.fromEntries(config.ratelimits.map(({ name, ...limit }) => [name, limit])),
          // Past Miniflare's own Worker, which every byte of a film would pass twice: once from the agent, once to the
          // viewer. It also serves R2 under /cdn-cgi to whoever asks from this machine.
          unsafeDirectSockets: [{ host: options.host, port: options.port }],
          serviceBindings: { PASSWORDS: passwordService as never, ASSETS: 'web' },
        },
        {
          // A Worker of its own for the web app's files: given to the first, each request for media would pass two
          // more Workers on its way in, which is half of what a segment costs.
          name: 'web',
          modules: true,
          script: 'export default {}',
          compatibilityDate: config.compatibility_date,
          assets: {
            directory: BUILD.web,
            routerConfig: { has_user_worker: false },
            assetConfig: {
              not_found_handling: 'single-page-application',
              headers: parseAssetHeaders(readFileSync(join(BUILD.web, '_headers'), 'utf8')),
            },
          },
        },
      ],
    }),
  );
  restoreSignals();
  const timer = setInterval(() => void runScheduled(mf, config.triggers.crons), CRON_INTERVAL_MS);
  try {
    await mf.ready;
    const url = await mf.unsafeGetDirectURL('hearthcast');
    await applyMigrations((await mf.getD1Database('DB')) as never, release.migrations);
    return {
      url: `http://${options.host === '0.0.0.0' ? 'localhost' : options.host}:${url.port}`,
      port: Number(url.port),
      async [Symbol.asyncDispose]() {
        clearInterval(timer);
        await mf.dispose();
      },
    };
  } catch (error) {
    clearInterval(timer);
    await mf.dispose().catch(() => undefined);
    throw error;
  }
}

/**
 * Miniflare ends the process by itself on these signals, before the agent has been told to stop: what it
 * registers for them is taken off again. Its clean-up at the process's exit stays.
 */
function keepSignals(): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  return () => {
    signals.forEach((signal, i) => {
      for (const listener of process.listeners(signal)) {
        if (!before[i]?.has(listener)) process.off(signal, listener);
      }
    });
  };
}

async function runScheduled(mf: Miniflare, crons: string[]): Promise<void> {
  const worker = await mf.getWorker('hearthcast');
  for (const cron of crons) await worker.scheduled({ cron }).catch(() => undefined);
}
