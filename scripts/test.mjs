// `npm test`: sets up what it needs, then checks, builds, tests and packs everything.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDependencies, PROJECT } from './setup/dependencies.mjs';
import { ensureSystem } from './setup/system.mjs';

const node = ensureDependencies();
ensureSystem();

const results = mkdtempSync(join(tmpdir(), 'hearthcast-test-'));
const vitest = (name, ...projects) => [
  `tests: ${projects.join(', ')}`,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(results, name)}`,
  ],
];

const stages = [
  ['checks', ['scripts/check.mjs']],
  ['build', ['scripts/build/main.ts']],
  vitest('fast.json', 'unit', 'edge', 'agent'),
  // Alone: it drives a browser through films that this machine transcodes meanwhile.
  vitest('e2e.json', 'e2e'),
  ['deploy, dry run', ['scripts/deploy/main.ts', '--dry-run']],
];

let passed = 0;
let failed = 0;
let broken = null;
for (const [name, args] of stages) {
  process.stdout.write(`\n── ${name}\n`);
  const { status } = spawnSync(node, args, { cwd: PROJECT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    broken = name;
    break;
  }
}
for (const file of ['fast.json', 'e2e.json']) {
  try {
    const report = JSON.parse(readFileSync(join(results, file), 'utf8'));
    passed += report.numPassedTests;
    failed += report.numFailedTests;
  } catch {
    // That stage was not reached.
  }
}
rmSync(results, { recursive: true, force: true });
process.stdout.write(broken ? `\nStopped at: ${broken}\n` : '\n');
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(broken ? 1 : 0);
