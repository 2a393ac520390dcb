import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentConfig } from './config.ts';
import { AgentError, EXIT } from './exit-codes.ts';
import { askAgent } from './local/control.ts';
import { AgentStatus } from './local/status.ts';

const POLL_MS = 500;

/**
 * `drain`: the running agent takes nothing new; resolves when its last viewer has gone to another machine or has
 * stopped. `undo` lets viewers in again; `wait` false only gives the order.
 */
export async function drainCommand(
  config: AgentConfig,
  { undo, wait }: { undo: boolean; wait: boolean },
): Promise<number> {
  const say = (value: { draining: boolean; sessions: number }, words: string) =>
    void process.stdout.write(`${config.json ? JSON.stringify(value) : words}\n`);
  const taken = await askAgent(config.dataDir, 'POST', '/drain', { draining: !undo });
  if (!taken) throw new AgentError('No agent runs on this data folder.');
  if (undo) {
    say({ draining: false, sessions: (await statusOf(config)).sessions }, 'It takes viewers again.');
    return EXIT.ok;
  }
  for (let told = -1; ; await sleep(POLL_MS)) {
    const { draining, sessions } = await statusOf(config);
    if (!draining) throw new AgentError('It was told to take viewers again.');
    if (sessions === 0) {
      say({ draining, sessions }, 'Drained: nobody watches from here, and nobody new will. It can be stopped.');
      return EXIT.ok;
    }
    if (sessions !== told) say({ draining, sessions }, `Draining, ${left(sessions)}.`);
    if (!wait) return EXIT.ok;
    told = sessions;
  }
}

async function statusOf(config: AgentConfig): Promise<AgentStatus> {
  const status = AgentStatus.safeParse(await askAgent(config.dataDir, 'GET', '/status'));
  if (!status.success) throw new AgentError('The agent has stopped.');
  return status.data;
}

const left = (sessions: number) => (sessions === 1 ? '1 session left' : `${sessions} sessions left`);
