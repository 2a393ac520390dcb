import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PROJECT } from '../build/paths.ts';
import { staleParts } from '../build/stamp.ts';
import { makeDemoLibrary } from '../demo/make-demo-library.ts';
import { releaseBindings } from '../release/release-bindings.ts';
import { ensureFfmpeg, FFMPEG_ADVICE } from '../setup/ffmpeg.ts';
import { AgentProcess } from './agent-process.ts';
import { checkSpace } from './disk-space.ts';
import { startEdge } from './edge.ts';
import { childrenOf, InstanceFile } from './instance.ts';
import { openLog } from './log-file.ts';
import { type LocalOptions, parseOptions, rootsOf, USAGE, UsageError } from './options.ts';
import { createOwner, setupRequired } from './owner.ts';
import { explain, explainEdge, loadState, randomCode } from './state.ts';
import { Terminal } from './terminal.ts';

/** After this a stop is no longer polite: the promise is three seconds. */
const STOP_LIMIT_MS = 2800;

/** How much of what the edge logs at first is kept to explain a start that fails. */
const MAX_START_LOG = 16 * 1024;

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env, process.cwd());
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  await serve(options, stop.signal);
}

async function serve(options: LocalOptions, signal: AbortSignal): Promise<void> {
  const terminal = new Terminal(options.json);
  const state = loadState(options.dataDir);
  checkSpace(options.dataDir, options.demo);
  const instance = await claim(options);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => instance.release());
  await checkPort(options.host, options.port);

  const env = options.agent ? await ensureFfmpeg((line) => terminal.say(line)) : process.env;
  if (!env) throw new UsageError(FFMPEG_ADVICE);
  build(terminal);
  if (signal.aborted) return;

  terminal.progress('Starting the edge…');
  // A new one each time: an agent whose folder was lost enrols again, and a code that was seen is worth nothing.
  const enrolmentCode = process.env.HEARTHCAST_ENROLMENT_CODE || randomCode();
  const edgeLog = openLog(join(options.dataDir, 'edge.log'));
  let said = '';
  const started = startEdge({
    dataDir: options.dataDir,
    host: options.host,
    port: options.port,
    bindings: {
      ...{ HEARTHCAST_SECRET: state.secret, SETUP_CODE: state.setupCode, ENROLMENT_CODE: enrolmentCode },
      ...releaseBindings(options.dataDir),
    },
    onLog: (level, line) => {
      edgeLog.write(`${new Date().toISOString()} ${level} ${line}\n`);
      if (said.length < MAX_START_LOG) said += line;
    },
  });
  const edge = stack.use(
    await started.catch((error) => {
      throw explainEdge(error, said, options.dataDir);
    }),
  );
  const workerd = childrenOf(process.pid);
  instance.setChildren(workerd);
  if (options.owner && (await setupRequired(edge.url))) await createOwner(edge.url, state.setupCode, options.owner);

  const demo = options.demo ? startDemo(options.dataDir, env, terminal, signal) : Promise.resolve();
  stack.defer(() => demo);
  const agent = options.agent
    ? stack.use(
        startAgent(options, edge.url, enrolmentCode, env, terminal, (pid) => instance.setChildren([...workerd, pid])),
      )
    : null;
  const waiting = await setupRequired(edge.url);
  terminal.ready({
    url: edge.url,
    ...(waiting ? { setupCode: state.setupCode } : {}),
    pid: process.pid,
    agentPid: agent?.pid ?? null,
  });

  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  terminal.say('Stopping…');
  setTimeout(() => {
    for (const child of instance.children) kill(child);
    instance.release();
    process.exit(0);
  }, STOP_LIMIT_MS).unref();
}

/** The agent beside the edge, on this machine's folders. */
function startAgent(
  options: LocalOptions,
  edge: string,
  enrolmentCode: string,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  onStart: (pid: number) => void,
): AgentProcess {
  const agentLog = openLog(join(options.dataDir, 'agent.log'));
  return new AgentProcess({
    ...{ edge, enrolmentCode, env, onStart },
    dataDir: join(options.dataDir, 'agent'),
    roots: rootsOf(options),
    onLog: (line) => agentLog.write(`${line}\n`),
    onRestart: (ms) =>
      terminal.say(`The agent stopped; starting it again in ${ms / 1000} s (see ${options.dataDir}/agent.log).`),
  });
}

async function claim(options: LocalOptions): Promise<InstanceFile> {
  try {
    return await InstanceFile.claim(options.dataDir, options.port);
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : explain(error, options.dataDir, join(options.dataDir, 'hearthcast.pid'));
  }
}

/** workerd's own complaint of a busy port is a stack trace: ask first. */
async function checkPort(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new UsageError(`port ${port} is taken by another program: choose another with --port.`)
          : new UsageError(`cannot listen on ${host}:${port} (${error.code}): choose others with --host and --port.`),
      );
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

/** In a process of its own: the bundlers' memory goes with it. */
function build(terminal: Terminal): void {
  const stale = staleParts();
  if (stale.length === 0) return;
  terminal.say(`Building ${stale.join(' and ')} (after an update only)…`);
  const done = spawnSync(process.execPath, [join(PROJECT, 'scripts/build/main.ts')], { stdio: ['ignore', 2, 2] });
  if (done.status !== 0) throw new UsageError('the build failed: see above.');
}

/** Films are made while one can already sign in; the agent sees each as it is ready. */
async function startDemo(
  dataDir: string,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { notices } = await makeDemoLibrary({
      dir: join(dataDir, 'demo'),
      ffmpeg: env.HEARTHCAST_FFMPEG ?? 'ffmpeg',
      signal,
      onProgress: (done, total, name) => terminal.progress(`Making the demo library: ${done} of ${total}, ${name}`),
    });
    terminal.progress('');
    for (const notice of notices) terminal.say(notice);
  } catch (error) {
    if (!signal.aborted)
      terminal.say(`The demo library is not complete: ${explain(error, dataDir, join(dataDir, 'demo')).message}`);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`hearthcast: ${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
  process.exit(1);
}
