import { HearthcastError } from '../../shared/errors.ts';
import { AgentId } from '../../shared/protocol/names.ts';
import type { Env } from '../env.ts';
import { callAgent } from '../link/calls.ts';

const DRAIN_DEADLINE_MS = 5_000;

/**
 * Tells an agent to take nothing new, or viewers again; answers how many sessions it has. Its sessions go over to
 * others as soon as it says so itself. Throws `not-found`, `agent-offline` and what the agent refuses with.
 */
export async function drainAgent(
  env: Pick<Env, 'AGENT_LINK'>,
  agentId: string,
  draining: boolean,
): Promise<{ sessions: number }> {
  if (!AgentId.safeParse(agentId).success) throw new HearthcastError('not-found', 'There is no such machine.');
  const result = await callAgent(env, agentId, 'agent.drain', { draining }, DRAIN_DEADLINE_MS);
  if (result.ok) return result.answer;
  if (result.code === 'bad-request') {
    throw new HearthcastError('protocol-too-old', 'This machine is too old for it: stop its agent instead.');
  }
  if (result.class === 'liveness') throw new HearthcastError('agent-offline', 'This machine is offline.');
  throw new HearthcastError(result.code, result.detail);
}
