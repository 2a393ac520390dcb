import type { Env } from '../env.ts';

export interface Presence {
  online: boolean;
  slotsUsed: number;
  slotsTotal: number;
  videoEncoders: string[];
  draining?: boolean;
  sessions?: number;
  lending?: { agentName: string; sessions: number }[];
  background?: string[];
}

/** Longer than this nobody waits to learn who is online. */
const FLEET_WAIT_MS = 2_000;

/**
 * Which agents are there, by id. What is not known is offline: the catalog is browsed also while every agent is
 * off, and while the Fleet does not answer.
 */
export async function presenceOfAgents(env: Pick<Env, 'FLEET'>): Promise<Map<string, Presence>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the fleet did not answer')), FLEET_WAIT_MS);
  });
  try {
    const agents = await Promise.race([env.FLEET.getByName('fleet').agents(), tooLate]);
    return new Map(agents.map((agent) => [agent.agentId, agent]));
  } catch (error) {
    console.warn(JSON.stringify({ level: 'warn', fleet: String(error) }));
    return new Map();
  } finally {
    clearTimeout(timer);
  }
}
