import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Grant,
  type Household,
  judgeLeave,
  LEAVE_MS,
  returned,
  takenBack,
} from '../../edge/playback/background.ts';
import { workKey } from '../../shared/protocol/background.ts';

const NAMES = ['nas', 'desk', 'attic'] as const;
const FILMS = ['a', 'b'] as const;
const who = fc.constantFrom(...NAMES);
const film = fc.constantFrom(...FILMS);

/** What may happen; now and then the Fleet is lost. */
const Step = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), who, film }),
  fc.record({ do: fc.constant('done' as const), who, film }),
  fc.record({ do: fc.constant('wait-for' as const), who, lender: fc.option(who) }),
  fc.record({ do: fc.constant('watch' as const), who, from: fc.option(who) }),
  fc.record({ do: fc.constant('drain' as const), who, on: fc.boolean() }),
  fc.record({ do: fc.constant('quiet' as const) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1_000, LEAVE_MS / 2, LEAVE_MS) }),
  fc.record({ do: fc.constant('fleet-lost' as const) }),
);
type Step = typeof Step extends fc.Arbitrary<infer S> ? S : never;

const workOf = (name: string) => ({ kind: 'previews', fingerprint: name.repeat(32) });

/** The Fleet's account, and what agents do by the leave that they have. */
class Night {
  now = 1_000_000;
  grants: Grant[] = [];
  household: Household = { agents: [], places: [], sessions: [] };
  /** By agent and work: until when it goes on by itself. */
  readonly working = new Map<string, { agentId: string; work: string; until: number }>();
  /** Since when what the Fleet knows may be less than what is done. */
  lostAt: number | null = null;

  ask(agentId: string, name: string): void {
    const work = workOf(name);
    const { leave, grants } = judgeLeave(this.grants, this.household, { agentId, work }, this.now);
    this.grants = grants;
    const key = `${agentId} ${workKey(work)}`;
    if (leave.may) this.working.set(key, { agentId, work: workKey(work), until: this.now + leave.forMs });
    else this.working.delete(key);
  }

  done(agentId: string, name: string): void {
    this.grants = returned(this.grants, { agentId, work: workOf(name) }, this.now);
    this.working.delete(`${agentId} ${workKey(workOf(name))}`);
  }

  people(change: Partial<Household>): void {
    this.household = { ...this.household, ...change };
    const { back, grants } = takenBack(this.grants, this.household, this.now);
    this.grants = grants;
    for (const { grant } of back) this.working.delete(`${grant.agentId} ${workKey(grant.work)}`);
  }

  pass(ms: number): void {
    this.now += ms;
    for (const [key, { until }] of this.working) if (until <= this.now) this.working.delete(key);
  }

  loseFleet(): void {
    this.grants = [];
    this.lostAt = this.now;
  }

  /** Whether all leaves that the Fleet ever gave are in its account. */
  get knowsAll(): boolean {
    return this.lostAt === null || this.now - this.lostAt >= LEAVE_MS;
  }
}

function take(night: Night, step: Step): void {
  const { places, sessions, agents } = night.household;
  switch (step.do) {
    case 'ask':
      night.ask(step.who, step.film);
      break;
    case 'done':
      night.done(step.who, step.film);
      break;
    case 'wait-for': {
      const who = { key: `${places.length}`, userId: 1, itemId: 1, agentIds: [step.who] };
      const lenderIds = step.lender === null ? [] : [step.lender];
      night.people({ places: [...places, { ...who, lenderIds, since: night.now, seenAt: night.now }] });
      break;
    }
    case 'watch': {
      const source = step.from === null ? undefined : { agentId: step.from, agentName: step.from };
      night.people({ sessions: [...sessions, { agentId: step.who, state: 'playing', source }] });
      break;
    }
    case 'drain':
      night.people({
        agents: [...agents.filter(({ agentId }) => agentId !== step.who), { agentId: step.who, draining: step.on }],
      });
      break;
    case 'quiet':
      night.people({ places: [], sessions: [] });
      break;
    case 'pass':
      night.pass(step.ms);
      break;
    case 'fleet-lost':
      night.loseFleet();
      break;
    default:
      step satisfies never;
  }
}

/** Machines that people wait for or watch, by their own name or by that of who reads their disks. */
function wanted({ household }: Night, now: number): Set<string> {
  const live = household.places.filter(({ seenAt }) => now - seenAt < 15_000);
  return new Set([
    ...live.flatMap(({ agentIds, lenderIds = [] }) => [...agentIds, ...lenderIds]),
    ...household.sessions.flatMap(({ agentId, source }) => [agentId, ...(source ? [source.agentId] : [])]),
    ...household.agents.flatMap(({ agentId, draining }) => (draining ? [agentId] : [])),
  ]);
}

it('[BG2] [BG4] whatever happens, nothing is done where people wait or watch, no work twice, and all of it can be lost', () => {
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 60, size: 'max' }), (steps) => {
      const night = new Night();
      for (const step of steps) {
        take(night, step);
        if (!night.knowsAll) continue;
        const busy = wanted(night, night.now);
        const working = [...night.working.values()];
        expect(working.filter(({ agentId }) => busy.has(agentId))).toEqual([]);
        expect(new Set(working.map(({ work }) => work)).size, 'one machine for each work').toBe(working.length);
      }
      // The next morning nobody is taken for at work who is not.
      night.pass(LEAVE_MS);
      night.people({ places: [], sessions: [], agents: [] });
      expect([night.grants, [...night.working]]).toEqual([[], []]);
      night.ask('nas', 'a');
      expect(night.working.size).toBe(1);
    }),
    { numRuns: 1_000 },
  );
});
