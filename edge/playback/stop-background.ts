import type { BackgroundWork, LeaveRefusal } from '../../shared/protocol/background.ts';
import type { Env } from '../env.ts';
import { callAgent } from '../link/calls.ts';

/** To take note of it: what it does in the background is given up in that moment. */
const STOP_DEADLINE_MS = 5_000;

/** Tells an agent to give up a piece of background work. One that does not hear it has leave for some minutes only. */
export async function stopBackground(
  env: Pick<Env, 'AGENT_LINK'>,
  agentId: string,
  work: BackgroundWork,
  because: LeaveRefusal,
): Promise<void> {
  const result = await callAgent(env, agentId, 'background.stop', { work, because }, STOP_DEADLINE_MS);
  if (!result.ok) console.warn('background work was not stopped', agentId, result.detail);
}
