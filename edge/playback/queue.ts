import { type AgentState, isPlaceable } from './agent-state.ts';

/** A place whose viewer has not asked for this long is free: the player asks every few seconds. */
export const PLACE_LIFE_MS = 15_000;

/** Most places that are kept; whoever comes after them asks again, and finds one when it moves. */
export const MAX_PLACES = 200;

/** Somebody who wants a slot on one of some agents. */
export interface Asker {
  /** Of the device and what it wants to play: asked again it is the same place. */
  key: string;
  userId: number;
  itemId: number;
  agentIds: string[];
  /** Machines whose disks some of those would read. Absent in places that an older release kept. */
  lenderIds?: string[];
}

/** Somebody who waits for one. */
export interface Place extends Asker {
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
  asker: Asker & { refused: boolean },
  now: number,
): { turn: Turn; places: Place[] } {
  const live = livePlaces(places, now);
  const mine = live.find((place) => place.key === asker.key);
  const others = live.filter((place) => place !== mine);
  const ahead = aheadOf(others, mine ?? { ...asker, since: Number.POSITIVE_INFINITY });
  if (!asker.refused && ahead < freeSlots(agents, asker.agentIds)) {
    return { turn: { go: true }, places: mine ? [...others, { ...mine, seenAt: now }] : others };
  }
  const { key, userId, itemId, agentIds, lenderIds = [] } = asker;
  const who = { key, userId, itemId, agentIds: [...agentIds], lenderIds: [...lenderIds] };
  const place: Place = { ...who, since: mine?.since ?? now, seenAt: now };
  const kept = mine || others.length < MAX_PLACES ? [...others, place] : others;
  return { turn: { go: false, place: ahead + 1 }, places: kept };
}

/** Those who wait, each with the place and whether it is their turn: what they are told when it changes. */
export function standings(
  places: readonly Place[],
  agents: readonly AgentState[],
  now: number,
): { who: Place; place: number; go: boolean }[] {
  const live = livePlaces(places, now);
  return live.map((who) => {
    const ahead = aheadOf(live, who);
    return { who, place: ahead + 1, go: ahead < freeSlots(agents, who.agentIds) };
  });
}

/** Those who still wait. */
export function livePlaces(places: readonly Place[], now: number): Place[] {
  return places.filter((place) => now - place.seenAt < PLACE_LIFE_MS);
}

/** How many came earlier for one of the same agents. */
function aheadOf(places: readonly Place[], mine: Pick<Place, 'key' | 'agentIds' | 'since'>): number {
  return places.filter(
    (place) =>
      place.key !== mine.key &&
      (place.since < mine.since || (place.since === mine.since && place.key < mine.key)) &&
      place.agentIds.some((id) => mine.agentIds.includes(id)),
  ).length;
}

/** Free slots of the agents that are there; endless where one is unknown, or none is there to wait for. */
function freeSlots(agents: readonly AgentState[], agentIds: readonly string[]): number {
  const known = agents.filter((agent) => agentIds.includes(agent.agentId));
  const online = known.filter(isPlaceable);
  if (known.length < agentIds.length || online.length === 0) return Number.POSITIVE_INFINITY;
  return online.reduce((sum, agent) => sum + Math.max(0, agent.slotsTotal - agent.slotsUsed), 0);
}
