import type { AgentState } from './agent-state.ts';

/** A place whose viewer has not asked for this long is free: the player asks every two seconds. */
export const PLACE_LIFE_MS = 15_000;

/** Most places that are kept; whoever comes after them asks again, and finds one when it moves. */
export const MAX_PLACES = 200;

/** Somebody who waits for a slot on one of some agents. */
export interface Place {
  key: string;
  agentIds: string[];
  /** Milliseconds since 1970. */
  since: number;
  seenAt: number;
}

/** Whether it is one's turn to ask the agents; else one's place, the first of which is 1. */
export type Turn = { go: true } | { go: false; place: number };

/**
 * Judges whether somebody may ask for a slot now, and keeps the queue. Those who came earlier for one of the same
 * agents go first, as many as there are free slots. What is known of slots is a hint: `refused` says that the agents
 * themselves had none, and an agent that nobody knows anything of may always be asked.
 */
export function takeTurn(
  places: readonly Place[],
  agents: readonly AgentState[],
  asker: { key: string; agentIds: readonly string[]; refused: boolean },
  now: number,
): { turn: Turn; places: Place[] } {
  const live = places.filter((place) => now - place.seenAt < PLACE_LIFE_MS);
  const mine = live.find((place) => place.key === asker.key);
  const others = live.filter((place) => place !== mine);
  const ahead = others.filter(
    (place) =>
      (mine === undefined || place.since < mine.since || (place.since === mine.since && place.key < mine.key)) &&
      place.agentIds.some((id) => asker.agentIds.includes(id)),
  ).length;
  if (!asker.refused && ahead < freeSlots(agents, asker.agentIds)) {
    return { turn: { go: true }, places: mine ? [...others, { ...mine, seenAt: now }] : others };
  }
  const place: Place = { key: asker.key, agentIds: [...asker.agentIds], since: mine?.since ?? now, seenAt: now };
  const kept = mine || others.length < MAX_PLACES ? [...others, place] : others;
  return { turn: { go: false, place: ahead + 1 }, places: kept };
}

/** Free slots of the agents that are there; endless where one is unknown, or none is there to wait for. */
function freeSlots(agents: readonly AgentState[], agentIds: readonly string[]): number {
  const known = agents.filter((agent) => agentIds.includes(agent.agentId));
  const online = known.filter((agent) => agent.online);
  if (known.length < agentIds.length || online.length === 0) return Number.POSITIVE_INFINITY;
  return online.reduce((sum, agent) => sum + Math.max(0, agent.slotsTotal - agent.slotsUsed), 0);
}
