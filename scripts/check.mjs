// `npm run check`: format, lint with the import rules, types of each runtime, unused code. Nothing else.
import { spawnSync } from 'node:child_process';
import { ensureDependencies, PROJECT } from './setup/dependencies.mjs';

const node = ensureDependencies();
const CHECKS = [
  ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  ...['shared', 'edge', 'agent', 'web', 'test/model', '.'].map((project) => [
    'node_modules/typescript/bin/tsc',
    '-p',
    project,
  ]),
  ['node_modules/knip/bin/knip.js'],
];

for (const check of CHECKS) {
  const { status } = spawnSync(node, check, { cwd: PROJECT, stdio: 'inherit' });
  if (status !== 0) {
    process.stderr.write(`check failed: ${check.join(' ')}\n`);
    process.exit(1);
  }
}
