// `npm test`: sets up what it needs, then checks, builds, tests and packs everything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
  // Films that play in real time leave much of the machine to what else is tried in whole processes.
  ['tests: playing, e2e', vitest('playing.json', 'playing')[1], vitest('e2e.json', 'e2e')[1]],
  ['deploy, dry run', ['scripts/deploy/main.ts', '--dry-run']],
];

let passed = 0;
let failed = 0;
let broken = null;
for (const [name, ...commands] of stages) {
  process.stdout.write(`\n── ${name}\n`);
  const statuses = await Promise.all(commands.map((args, i) => run(args, i > 0)));
  if (statuses.some((status) => status !== 0)) {
    broken = name;
    break;
  }
}
for (const file of ['fast.json', 'playing.json', 'e2e.json']) {
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

/** Runs one of the project's commands; what one beside another says comes in one piece, when it ends. */
async function run(args, beside) {
  const child = spawn(node, args, { cwd: PROJECT, stdio: ['ignore', beside ? 'pipe' : 'inherit', 'inherit'] });
  const said = [];
  child.stdout?.on('data', (piece) => said.push(piece));
  const [status] = await once(child, 'close');
  process.stdout.write(Buffer.concat(said));
  return status;
}
