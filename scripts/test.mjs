// `npm test`: sets up what it needs, then checks, builds, tests and packs everything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { COMPILED, ensureDependencies, PROJECT } from './setup/dependencies.mjs';
import { ensureSystem } from './setup/system.mjs';

const node = ensureDependencies();
ensureSystem();

const results = mkdtempSync(join(tmpdir(), 'hearthcast-test-'));
const reports = [];

/** What plays in real time goes first where two want a core, then what drives a browser, then all that only computes. */
const NICENESS = { browser: 2, computing: 5 };

const tests = (projects, niceness = 0) => {
  const report = join(results, `${reports.length}.json`);
  reports.push(report);
  return {
    name: `tests: ${projects.join(', ')}`,
    niceness,
    args: [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
  };
};

/** Each stage needs the one before it; what stands in one of them runs side by side. */
const stages = [
  [
    { name: 'checks', args: ['scripts/check.mjs'] },
    { name: 'build', args: ['scripts/build/main.ts'] },
  ],
  // Films that play in real time leave much of the machine to the others.
  [
    tests(['unit', 'edge', 'agent'], NICENESS.computing),
    tests(['playing']),
    tests(['e2e'], NICENESS.browser),
    { name: 'deploy, dry run', args: ['scripts/deploy/main.ts', '--dry-run'], niceness: NICENESS.computing },
  ],
];

const broken = [];
for (const stage of stages) {
  if (broken.length > 0) break;
  process.stdout.write(`\n── ${stage.map(({ name }) => name).join(' │ ')}\n`);
  await Promise.all(stage.map((command, i) => run(command, i > 0)));
}
const counted = { numPassedTests: 0, numFailedTests: 0 };
const failures = [];
for (const file of reports) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    continue; // That stage was not reached.
  }
  for (const name of Object.keys(counted)) counted[name] += report[name];
  failures.push(...report.testResults.flatMap(failuresOf));
}
rmSync(results, { recursive: true, force: true });
// Last, since whoever reads a log from its end would not find them among four thousand others.
for (const failure of failures) process.stdout.write(`\n✗ ${failure}\n`);
process.stdout.write(broken.length > 0 ? `\nStopped at: ${broken.join(' │ ')}\n` : '\n');
process.stdout.write(`${counted.numPassedTests} passed, ${counted.numFailedTests} failed\n`);
process.exit(broken.length > 0 ? 1 : 0);

/** What failed in one test file of Vitest's JSON report, each with its first messages. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(PROJECT, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [`${file}\n${message}`] : [];
  return failed.map(({ fullName, failureMessages }) => `${file} › ${fullName}\n${failureMessages.join('\n')}`);
}

/** Runs one of the project's commands; what one beside another says comes in one piece, when it ends. */
async function run({ name, args, niceness = 0 }, beside) {
  const begun = Date.now();
  const child = spawn(node, args, {
    cwd: PROJECT,
    env: { ...COMPILED, ...process.env },
    stdio: ['ignore', ...(beside ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
  });
  if (niceness > 0 && child.pid) setPriority(child.pid, niceness);
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => said.push(piece));
  const [status] = await once(child, 'close');
  process.stdout.write(Buffer.concat(said));
  process.stdout.write(
    `── ${name}: ${status === 0 ? 'good' : 'failed'}, ${Math.round((Date.now() - begun) / 1000)} s\n`,
  );
  if (status !== 0) broken.push(name);
}
