import { z } from 'zod';
import type { AgentConfig } from '../config.ts';
import { AgentError } from '../exit-codes.ts';
import { askAgent } from '../local/control.ts';

const Refused = z.object({ error: z.string() });
const Reloaded = z.object({ live: z.array(z.string()), restart: z.array(z.string()) });

/** Tells the running agent to read its configuration again; null where none runs. Throws what it found wrong. */
export async function orderReload(config: AgentConfig): Promise<z.infer<typeof Reloaded> | null> {
  const answer = await order(config, '/reload');
  return answer === null ? null : Reloaded.parse(answer);
}

/** Tells the running agent to hand its viewers over and start again. False where none runs. */
export async function orderRestart(config: AgentConfig): Promise<boolean> {
  return (await order(config, '/restart')) !== null;
}

async function order(config: AgentConfig, path: string): Promise<unknown> {
  const answer = await askAgent(config.dataDir, 'POST', path);
  const refused = Refused.safeParse(answer);
  if (refused.success) throw new AgentError(refused.data.error);
  return answer;
}
