// Runs under whatever Node the machine has (20 or newer), before anything is installed: plain JavaScript,
// nothing but Node's own modules.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const MIN_NODE = 20;
const STAMP = join(PROJECT, 'node_modules', '.hearthcast-lock');

/** Ends the process with a sentence for a person. */
export function fail(sentence) {
  process.stderr.write(`hearthcast: ${sentence}\n`);
  process.exit(1);
}

/**
 * Installs the locked dependencies unless node_modules already holds just them, and returns the path of the
 * Node that runs the project: the one among the dependencies (26), else the machine's own when it is new enough.
 */
export function ensureDependencies({ quiet = false } = {}) {
  if (Number(process.versions.node.split('.')[0]) < MIN_NODE) {
    fail(`Node ${process.versions.node} is too old to begin with. Install Node ${MIN_NODE} or newer from nodejs.org.`);
  }
  const lock = createHash('sha256')
    .update(readFileSync(join(PROJECT, 'package-lock.json')))
    .digest('hex');
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== lock) {
    if (!quiet) process.stderr.write('Installing dependencies (once, about a minute)…\n');
    const npm = process.env.npm_execpath;
    const [command, args] = npm ? [process.execPath, [npm]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
    const done = spawnSync(command, [...args, 'ci', '--no-fund', '--no-audit'], {
      cwd: PROJECT,
      // npm's chatter would precede the one line that --json promises on stdout.
      stdio: ['ignore', 2, 2],
    });
    if (done.status !== 0) fail('the dependencies could not be installed: see above. Is the npm registry reachable?');
    writeFileSync(STAMP, lock);
  }
  return (
    bundledNode() ??
    fail(
      `Node ${process.versions.node} is too old, and no newer one came with the dependencies for ${process.platform}-${process.arch}. Install Node 24 or newer.`,
    )
  );
}

function bundledNode() {
  const own = join(PROJECT, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(own) && spawnSync(own, ['-e', '']).status === 0) return own;
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined;
}

/**
 * How the process that holds workerd is run: it relays nothing itself, so that a small heap costs no viewer
 * anything, and glibc gives back what the start needed. Together 120 MB less at rest.
 */
export const SMALL = {
  flags: ['--optimize-for-size'],
  env: { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '65536' },
};

/** Node's own processes read their compiled modules there from the second start on, which is most of what a start costs. */
export const COMPILED = { NODE_COMPILE_CACHE: join(PROJECT, 'node_modules', '.cache', 'compiled') };

/** Runs a script of the project with the right Node, hands signals on, and ends as it ends. */
export function runProject(node, script, args, { flags, env } = { flags: [], env: {} }) {
  const child = spawn(node, [...flags, join(PROJECT, script), ...args], {
    stdio: 'inherit',
    env: { ...COMPILED, ...process.env, ...env },
  });
  // Ctrl-C reaches the whole group by itself; the child decides when it is through.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
