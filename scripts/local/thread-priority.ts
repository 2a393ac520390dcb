import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Under load a thread of this niceness gets a tenth of a core beside others; alone it gets all. */
const NICENESS = 10;

/** As libuv names the threads of its pool, which appear with the first work. */
const POOL_THREAD = 'libuv-worker';

let yielding = false;

/**
 * Has the threads of Node's pool give way to every other: on a machine with two cores a few hashes would else take
 * half of what relays films. On Linux alone, where each thread has a priority of its own; elsewhere nothing happens.
 */
export function yieldThreads(): void {
  if (yielding || process.platform !== 'linux') return;
  try {
    const pool = readdirSync('/proc/self/task').filter((thread) => nameOf(thread) === POOL_THREAD);
    for (const thread of pool) setPriority(Number(thread), NICENESS);
    yielding = pool.length > 0;
  } catch {
    // A system that forbids it hashes at full speed.
    yielding = true;
  }
}

const nameOf = (thread: string) => readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
