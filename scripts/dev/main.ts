import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { watch } from 'chokidar';
import { createServer } from 'vite';
import { BUILD, PROJECT } from '../build/paths.ts';
import { markBuilt, sourceHash } from '../build/stamp.ts';

/** What a change of starts the edge and the agent anew; the web app reloads by itself. */
const WATCHED = ['edge', 'agent', 'shared', 'migrations', 'scripts/local', 'wrangler.toml'];
const EDGE_PORT = 8484;
const WEB_PORT = 5173;

/** Editors save in several steps: one restart for all of them. */
const SETTLE_MS = 200;

/** `npm run dev`: edge, agent and web, each reloading as one edits. Options are those of `npm start`. */
const args = process.argv.slice(2);
let server: ChildProcess | null = null;
let timer: NodeJS.Timeout | undefined;
let stopping = false;

function startServer(): void {
  // The web app comes from Vite: a build of it would only make each restart wait.
  mkdirSync(BUILD.web, { recursive: true });
  markBuilt('web', sourceHash('web'));
  server = spawn(process.execPath, [join(PROJECT, 'scripts/local/main.ts'), '--port', String(EDGE_PORT), ...args], {
    stdio: 'inherit',
  });
}

async function restart(): Promise<void> {
  const old = server;
  if (old && old.exitCode === null) {
    const gone = new Promise((resolve) => old.once('exit', resolve));
    old.kill('SIGTERM');
    await gone;
  }
  if (!stopping) startServer();
}

process.env.HEARTHCAST_EDGE = `http://127.0.0.1:${EDGE_PORT}`;
const web = await createServer({ configFile: join(PROJECT, 'vite.config.ts'), server: { port: WEB_PORT } });
await web.listen();
startServer();
process.stderr.write(`\n  The web app as you edit it:  http://localhost:${WEB_PORT}/\n\n`);

const watcher = watch(
  WATCHED.map((path) => join(PROJECT, path)),
  { ignoreInitial: true, ignored: (path) => path.endsWith('.test.ts') || path.endsWith('.md') },
).on('all', () => {
  clearTimeout(timer);
  timer = setTimeout(() => void restart(), SETTLE_MS);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    if (stopping) return;
    stopping = true;
    clearTimeout(timer);
    await Promise.all([watcher.close(), web.close(), restart()]);
    process.exit(0);
  });
}
