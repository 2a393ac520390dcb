import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildAgent, projectVersion, publishAgent } from './agent.ts';
import { BUILD, PROJECT } from './paths.ts';
import { markBuilt, PARTS, type Part, sourceHash, staleParts } from './stamp.ts';

const BUILDERS: Record<Part, () => Promise<void>> = {
  async edge() {
    const { build } = await import('esbuild');
    await build({
      entryPoints: [join(PROJECT, 'edge', 'index.ts')],
      outfile: join(BUILD.edge, 'index.js'),
      bundle: true,
      format: 'esm',
      target: 'es2024',
      conditions: ['workerd', 'worker', 'browser'],
      external: ['cloudflare:*', 'node:*'],
      sourcemap: 'linked',
      logLevel: 'warning',
    });
  },
  async web() {
    const { build } = await import('vite');
    await build({ configFile: join(PROJECT, 'vite.config.ts'), logLevel: 'warn' });
  },
  agent: () => buildAgent({ outDir: BUILD.agent, version: projectVersion() }),
};

const parts = process.argv.includes('--all') ? PARTS : staleParts();
for (const part of parts) {
  mkdirSync(BUILD[part], { recursive: true });
  // Taken before the build: what changes meanwhile makes the next build run.
  const hash = sourceHash(part);
  await BUILDERS[part]();
  markBuilt(part, hash);
}
// After each part: the web app's build empties the folder that both are served from.
if (parts.length > 0) publishAgent();
