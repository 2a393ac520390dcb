import type { ChangeSettings } from '../../shared/api/settings.ts';
import { listAgents } from '../db/agents.ts';
import { updateWishes } from '../deployment/settings.ts';
import type { Env } from '../env.ts';
import { callAgent } from '../link/calls.ts';
import { tellRescan } from './scan-runs.ts';

const DEADLINE_MS = 10_000;

/** Tells all machines that are there what a change of the deployment's settings means to them. */
export async function tellAgents(env: Env, changes: ChangeSettings): Promise<void> {
  const rescan = changes.rescanMinutes !== undefined;
  const updates = changes.agentUpdates !== undefined || changes.agentUpdateHours !== undefined;
  if (!rescan && !updates) return;
  const agentIds = (await listAgents(env)).map(({ id }) => id);
  if (rescan) await tellRescan(env, agentIds);
  if (!updates) return;
  const said = { updates: await updateWishes(env) };
  // Who is away, or of a release that does not know the call, hears it with a welcome.
  await Promise.allSettled(agentIds.map((id) => callAgent(env, id, 'agent.settings', said, DEADLINE_MS)));
}
