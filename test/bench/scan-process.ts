import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const CLI = new URL('../../agent/cli.ts', import.meta.url).pathname;
/** As in the first line of the agent's command. */
export const NODE_FLAGS = ['--max-semi-space-size=4', '--optimize-for-size'];
const LOOK_MS = 20;

/** Peak of the resident memory of an agent that scans a tree once in a process of its own, in MB. */
export async function peakOfScan(tree: string, dataDir: string): Promise<number> {
  const child = spawn(process.execPath, [...NODE_FLAGS, CLI, 'scan', '--data', dataDir, '--root', `Films=${tree}`], {
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  let peak = 0;
  let running = true;
  void exit.then(() => {
    running = false;
  });
  while (running) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
    await sleep(LOOK_MS);
  }
  const [code] = await exit;
  if (code !== 0) throw new Error(`The scan of ${tree} ended with ${code}.`);
  return peak;
}
