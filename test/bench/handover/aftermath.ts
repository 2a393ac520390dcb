import { setTimeout as sleep } from 'node:timers/promises';
import type { Household } from '../../e2e/household.ts';
import { isAlive } from '../../e2e/local-server.ts';

/** What a fault left behind, once everything was well again. */
export interface Aftermath {
  /** Encoders of machines that do not serve the film, and of agents that are dead. */
  processes: number;
  /** Slots that are held beyond the one of the machine that serves the film. */
  slots: number;
  /** Sessions beside the one that is watched. */
  sessions: number;
}

/** A machine that was cut off learns from the hello after its reconnect that it has nothing to do any more. */
const SETTLES_WITHIN_MS = 15_000;

const LOOK_EVERY_MS = 250;

/** Looks until nothing is left over; what still is after a while is the answer. `slots`: what the session itself holds. */
export async function aftermath(household: Household, itemId: string, slots: number): Promise<Aftermath> {
  const until = Date.now() + SETTLES_WITHIN_MS;
  for (;;) {
    const left = await leftNow(household, itemId, slots);
    if (Date.now() > until || Object.values(left).every((count) => count === 0)) return left;
    await sleep(LOOK_EVERY_MS);
  }
}

async function leftNow(household: Household, itemId: string, slots: number): Promise<Aftermath> {
  const [sessions, agents] = await Promise.all([household.sessions(), household.agents()]);
  const owner = sessions.find((session) => session.itemId === itemId)?.agent ?? null;
  const held = agents.reduce((sum, { slotsUsed }) => sum + slotsUsed, 0);
  const idle = household.machines.flatMap((machine) =>
    machine.name === owner ? machine.leftBehind() : machine.ffmpegs(),
  );
  return {
    processes: idle.filter(isAlive).length,
    slots: Math.abs(held - (owner === null ? 0 : slots)),
    sessions: sessions.length - (owner === null ? 0 : 1),
  };
}
