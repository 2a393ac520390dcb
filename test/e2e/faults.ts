import type { Household } from './household.ts';

/** Longer than a segment lasts together with the start: some request of the player falls into it. */
const DOWN_MS = 2_500;

/** Something that goes wrong with the machine that serves a film, and how the world comes right again. */
export interface Fault {
  /** For a command line. */
  id: string;
  name: string;
  /** Whether the edge sees a closed connection, or has to conclude from silence. */
  kind: 'closed' | 'silent' | 'edge';
  strike(household: Household, owner: string): Promise<void>;
  heal(household: Household, owner: string): Promise<void>;
}

export const FAULTS: readonly Fault[] = [
  {
    id: 'kill',
    name: 'kill -9 of the machine that serves it',
    kind: 'closed',
    strike: (household, owner) => household.machine(owner).signal('SIGKILL'),
    heal: async (household, owner) => household.machine(owner).power(),
  },
  {
    id: 'term',
    name: 'SIGTERM of the machine that serves it',
    kind: 'closed',
    strike: (household, owner) => household.machine(owner).signal('SIGTERM'),
    heal: async (household, owner) => household.machine(owner).power(),
  },
  {
    id: 'stop',
    name: 'SIGSTOP of the machine that serves it',
    kind: 'silent',
    strike: (household, owner) => household.machine(owner).signal('SIGSTOP'),
    heal: (household, owner) => household.machine(owner).signal('SIGCONT'),
  },
  {
    id: 'black-hole',
    name: 'a network that swallows everything both ways',
    kind: 'silent',
    strike: async (household, owner) => household.machine(owner).cable.cut(),
    heal: async (household, owner) => household.machine(owner).cable.mend(),
  },
  {
    id: 'edge-restart',
    name: 'a restart of the edge',
    kind: 'edge',
    strike: (household) => household.restartEdge('SIGTERM', DOWN_MS),
    heal: async () => {},
  },
  {
    id: 'edge-kill',
    name: 'kill -9 of the edge and a new start',
    kind: 'edge',
    strike: (household) => household.restartEdge('SIGKILL', DOWN_MS),
    heal: async () => {},
  },
];
