import type { Env } from '../env.ts';
import type { AgentState } from './agent-state.ts';
import { FLEET_NAME } from './fleet-name.ts';

/** What placement looks at: the agents, and the bits a second that leave each site. */
export interface Standing {
  agents: AgentState[];
  sending: Map<number, number>;
}

/** Where the Fleet does not answer nothing is known of any agent: they are asked themselves, and have the last word. */
export async function standingOf(env: Pick<Env, 'FLEET'>): Promise<Standing> {
  try {
    return await env.FLEET.getByName(FLEET_NAME).standing();
  } catch (error) {
    console.warn('the fleet did not answer', String(error));
    return { agents: [], sending: new Map() };
  }
}
