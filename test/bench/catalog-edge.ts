import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { applyMigrations } from '../../scripts/local/migrations.ts';

const PROJECT = join(import.meta.dirname, '..', '..');

/** What one question cost: rows, milliseconds in the database as it says, and milliseconds until the answer was here. */
export interface Cost {
  read: number;
  written: number;
  ms: number;
  wallMs: number;
  items: number;
}

/** The catalog in workerd with an empty database in memory. */
export async function startCatalog() {
  const { outputFiles } = await build({
    entryPoints: [join(PROJECT, 'test/bench/workers/catalog-worker.ts')],
    ...{ bundle: true, write: false, format: 'esm', target: 'esnext', external: ['cloudflare:workers', 'node:*'] },
  });
  const config = readFileSync(join(PROJECT, 'wrangler.toml'), 'utf8');
  const mf = new Miniflare(
    convertV4MiniflareOptions({
      ...{ name: 'catalog', cf: false, log: new Log(LogLevel.NONE), telemetry: { enabled: false } },
      compatibilityDate: /compatibility_date = "([^"]+)"/.exec(config)?.[1] ?? '2026-10-01',
      modules: [{ type: 'ESModule', path: 'worker.js', contents: outputFiles[0]?.text ?? '' }],
      bindings: { HEARTHCAST_SECRET: 'bench-secret-bench-secret-bench-secret-benc' },
      d1Databases: { DB: 'catalog' },
    } as never),
  );
  await applyMigrations((await mf.getD1Database('DB')) as never, join(PROJECT, 'migrations'));

  return {
    async ask(body: unknown): Promise<Cost> {
      const from = performance.now();
      const response = await mf.dispatchFetch('http://catalog/', { method: 'POST', body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      const cost = (await response.json()) as Omit<Cost, 'wallMs'>;
      return { ...cost, wallMs: performance.now() - from };
    },
    [Symbol.asyncDispose]: () => mf.dispose(),
  };
}

export type CatalogUnderTest = Awaited<ReturnType<typeof startCatalog>>;
