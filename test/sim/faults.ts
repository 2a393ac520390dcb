import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestAgent } from '../fakes/agent.ts';
import type { LossyNetwork } from '../fakes/proxy.ts';

/** Short, so that an agent in a black hole looks for another way within the time of a soak. */
const HEARTBEAT = { pingMs: 2_000, pongMs: 1_000 };

/** Longer than the silence after which the edge gives up. */
const STOPPED_MS = 5_000;

const DOWN_MS = 1_000;

/** A machine that things happen to. */
export interface Machine {
  agent: TestAgent;
  network: LossyNetwork;
  process: ChildProcess;
  /** Whether its process may be killed; one that lives through it all shows what leaks in an agent. */
  mortal: boolean;
}

export type Fault = 'killed' | 'stopped' | 'black-holed';

export function startProcess(agent: TestAgent, network: LossyNetwork): Promise<ChildProcess> {
  return agent.process({ edge: network.origin, partBytes: 2_000_000, heartbeat: HEARTBEAT });
}

export function chooseFault(machine: Machine, chance: number): Fault {
  if (chance < 1 / 3) return 'stopped';
  return chance < 2 / 3 || !machine.mortal ? 'black-holed' : 'killed';
}

/** Lets it happen; resolves when the machine is left alone again. */
export async function strike(machine: Machine, fault: Fault): Promise<void> {
  switch (fault) {
    case 'killed':
      machine.process.kill('SIGKILL');
      await delay(DOWN_MS);
      machine.process = await startProcess(machine.agent, machine.network);
      return;
    case 'stopped':
      machine.process.kill('SIGSTOP');
      await delay(STOPPED_MS);
      machine.process.kill('SIGCONT');
      return;
    case 'black-holed':
      machine.network.lose();
      return;
    default:
      fault satisfies never;
  }
}
