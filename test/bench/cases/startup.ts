import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { childrenOf } from '../../../scripts/local/instance.ts';
import { type BenchOptions, type BenchResult, median } from '../measures.ts';
import { seedCatalog } from '../seed-catalog.ts';

const OWNER = { HEARTHCAST_OWNER: 'bench', HEARTHCAST_PASSWORD: 'bench-password' };
const ITEMS = 10_000;

/** How long after the ready line memory is read: the agent's first walk is through by then. */
const SETTLE_MS = 4000;

/** Cold start of the whole (edge and agent) to its first authenticated answer, on a database of 10,000 items. */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hearthcast-bench-'));
  try {
    await start(dataDir).then((first) => first.stop());
    seedCatalog(dataDir, ITEMS);
    const starts: { ms: number; edgeMiB: number; agentMiB: number; allMiB: number }[] = [];
    for (let i = 0; i < (quick ? 3 : 5); i++) {
      const one = await start(dataDir);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      starts.push({ ms: one.firstAnswerMs, ...one.memory() });
      await one.stop();
    }
    const of = (key: 'ms' | 'edgeMiB' | 'agentMiB' | 'allMiB') => median(starts.map((one) => one[key]));
    return {
      bench: 'startup',
      measures: [
        { name: 'first_answer', value: of('ms') / 1000, unit: 's', goal: '< 2' },
        { name: 'memory_idle', value: of('allMiB'), unit: 'MiB', goal: '< 512' },
        { name: 'memory_edge', value: of('edgeMiB'), unit: 'MiB' },
        { name: 'memory_agent', value: of('agentMiB'), unit: 'MiB' },
      ],
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function start(dataDir: string) {
  const begin = performance.now();
  const args = ['scripts/local/main.ts', '--json', '--no-demo', '--port', '0', '--data', dataDir];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...OWNER },
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the start ended with ${code}`)));
  });
  const { url, agentPid } = JSON.parse(line) as { url: string; agentPid: number };
  const login = await post(`${url}/api/v1/auth/login`, {
    username: OWNER.HEARTHCAST_OWNER,
    password: OWNER.HEARTHCAST_PASSWORD,
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const answer = await fetch(`${url}/api/v1/home`, { headers: { authorization: `Bearer ${accessToken}` } });
  if (!answer.ok) throw new Error(`the first answer was ${answer.status}`);
  await answer.arrayBuffer();
  return {
    firstAnswerMs: performance.now() - begin,
    memory() {
      const pid = child.pid as number;
      const edgeMiB = [pid, ...childrenOf(pid).filter((other) => other !== agentPid)]
        .map(rssMiB)
        .reduce((a, b) => a + b, 0);
      const agentMiB = rssMiB(agentPid);
      return { edgeMiB, agentMiB, allMiB: edgeMiB + agentMiB };
    },
    async stop() {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Resident memory by /proc; a benchmark of Linux alone. */
function rssMiB(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
