import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUILD } from '../../../scripts/build/paths.ts';

/**
 * Loaded before the local start (`node --import`): the edge that it starts is the same, with the statements counted
 * that it asks of its database.
 */
const folder = mkdtempSync(join(tmpdir(), 'hearthcast-counting-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
await build({
  entryPoints: [join(import.meta.dirname, 'counting-worker.ts')],
  outfile: join(folder, 'index.js'),
  bundle: true,
  format: 'esm',
  target: 'es2024',
  conditions: ['workerd', 'worker', 'browser'],
  external: ['cloudflare:*', 'node:*'],
});
Object.assign(BUILD, { edge: folder });
