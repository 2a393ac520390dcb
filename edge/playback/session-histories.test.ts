import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CallParams } from '../../shared/protocol/calls.ts';
import {
  agentId,
  candidate,
  SESSION_ID,
  Surroundings,
  sessionStart,
  TIMELINE,
} from '../../test/fakes/session-surroundings.ts';
import type { Session } from './session.ts';

const NAMES = ['a', 'b', 'c'] as const;
type Name = (typeof NAMES)[number];
const SESSIONS = [0, 1, 2] as const;
const SLOTS = 2;
const LEASE_MS = 90_000;

/** What may happen, in any order; `who` is an agent, `which` a session. */
const Step = fc.oneof(
  fc.record({ do: fc.constant('start' as const), which: fc.constantFrom(...SESSIONS) }),
  fc.record({
    do: fc.constant('fail' as const),
    which: fc.constantFrom(...SESSIONS),
    generation: fc.integer({ min: 1, max: 12 }),
    failure: fc.constantFrom('liveness' as const, 'session' as const),
  }),
  fc.record({ do: fc.constant('die' as const), who: fc.constantFrom(...NAMES) }),
  fc.record({ do: fc.constant('return' as const), who: fc.constantFrom(...NAMES) }),
  fc.record({
    do: fc.constant('late-end' as const),
    which: fc.constantFrom(...SESSIONS),
    who: fc.constantFrom(...NAMES),
  }),
  fc.record({ do: fc.constant('evict' as const), which: fc.constantFrom(...SESSIONS) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 200_000 }) }),
  fc.record({ do: fc.constant('stop' as const), which: fc.constantFrom(...SESSIONS) }),
);
type Step = typeof Step extends fc.Arbitrary<infer S> ? S : never;

/** An agent as the protocol has it: admits by generation and slots, forgets all when it dies, ends by lease. */
class ModelAgent {
  there = true;
  readonly open = new Map<string, { generation: number; usedAt: number }>();
  readonly ended = new Map<string, number>();

  admit({ session, generation }: CallParams<'session.open'>, now: number): 'yes' | 'stale' | 'full' {
    const open = this.open.get(session);
    if (generation <= (this.ended.get(session) ?? 0) || (open && generation < open.generation)) return 'stale';
    if (!open && this.open.size >= SLOTS) return 'full';
    this.open.set(session, { generation, usedAt: now });
    return 'yes';
  }

  close({ session, generation }: CallParams<'session.close'>): void {
    const open = this.open.get(session);
    if (open && open.generation <= generation) this.open.delete(session);
    this.ended.set(session, Math.max(generation, this.ended.get(session) ?? 0));
  }
}

/** Sessions, agents and a clock; every admission is written down. */
class World {
  now = 1_000_000;
  readonly agents = new Map<Name, ModelAgent>(NAMES.map((name) => [name, new ModelAgent()]));
  readonly admitted: { session: string; generation: number; agentId: string }[] = [];
  readonly around = SESSIONS.map(() => new Surroundings());
  readonly sessions: Session[];

  constructor() {
    for (const around of this.around) {
      around.now = () => this.now;
      around.wait = async (ms) => {
        this.now += ms;
      };
      around.call = async (id, method, params) => this.#call(id, method, params as never) as never;
    }
    this.sessions = this.around.map((around) => around.session());
  }

  #call(id: string, method: string, params: CallParams<'session.open'>) {
    const name = NAMES.find((one) => agentId(one) === id) as Name;
    const agent = this.agents.get(name) as ModelAgent;
    if (!agent.there) return { ok: false, class: 'liveness', code: 'agent-offline', detail: 'away' };
    if (method === 'session.close') {
      agent.close(params);
      return { ok: true, answer: {} };
    }
    const verdict = agent.admit(params, this.now);
    if (verdict === 'full') return { ok: false, class: 'capacity', code: 'capacity-full', detail: 'full' };
    if (verdict === 'stale') return { ok: false, class: 'session', code: 'session-ended', detail: 'stale' };
    this.admitted.push({ session: params.session, generation: params.generation, agentId: id });
    return { ok: true, answer: { timeline: TIMELINE, file: { size: 1, contentType: 'video/mp4', etag: '"x"' } } };
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'start':
        await this.#session(step.which).start({
          ...sessionStart(
            NAMES.map((name) => candidate(name)),
            this.now,
          ),
          id: idOf(step.which),
        });
        return;
      case 'fail':
        await Promise.all([
          this.#session(step.which).recover(step.generation, step.failure),
          this.#session(step.which).recover(step.generation, step.failure),
        ]);
        return;
      case 'die': {
        const agent = this.agents.get(step.who) as ModelAgent;
        agent.there = false;
        agent.open.clear();
        agent.ended.clear();
        return;
      }
      case 'return':
        (this.agents.get(step.who) as ModelAgent).there = true;
        return;
      case 'late-end':
        return this.#session(step.which).agentEnded(agentId(step.who), 1, 'lease');
      case 'evict':
        this.sessions[step.which] = (this.around[step.which] as Surroundings).session();
        return;
      case 'wait':
        return this.#pass(step.ms);
      case 'stop':
        await this.#session(step.which).stop(7, 1);
        return;
      default:
        step satisfies never;
    }
  }

  /** Time passes: leases and alarms fall due. */
  async #pass(ms: number): Promise<void> {
    this.now += ms;
    for (const [name, agent] of this.agents) {
      for (const [id, open] of [...agent.open]) {
        if (this.now - open.usedAt < LEASE_MS) continue;
        agent.close({ session: id, generation: open.generation });
        const which = SESSIONS.find((one) => idOf(one) === id) as (typeof SESSIONS)[number];
        await this.#session(which).agentEnded(agentId(name), open.generation, 'lease');
      }
    }
    for (const [which, around] of this.around.entries()) {
      if (around.alarmAt !== null && around.alarmAt <= this.now) await this.sessions[which]?.alarm();
    }
  }

  /** Nobody watches any more. */
  async end(): Promise<void> {
    for (let day = 0; day < 40; day++) await this.#pass(60 * 60_000);
  }

  #session(which: (typeof SESSIONS)[number]): Session {
    return this.sessions[which] as Session;
  }
}

const idOf = (which: number) => `${SESSION_ID.slice(0, -1)}${which}`;

it('whatever happens a generation has one owner, no agent is over its slots, and every session ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { maxLength: 40 }), async (steps) => {
      const world = new World();
      for (const step of steps) {
        await world.take(step);
        for (const agent of world.agents.values()) expect(agent.open.size).toBeLessThanOrEqual(SLOTS);
      }
      const admissions = world.admitted.map(({ session, generation }) => `${session} ${generation}`);
      expect(new Set(admissions).size).toBe(admissions.length);
      for (const which of SESSIONS) {
        const mine = world.admitted.filter(({ session }) => session === idOf(which));
        const generations = mine.map(({ generation }) => generation);
        expect(generations).toEqual([...generations].sort((a, b) => a - b));
        const record = world.around[which]?.record;
        if (record?.state === 'playing') {
          expect(mine.at(-1)).toMatchObject({ generation: record.generation, agentId: record.owner?.agentId });
        }
      }
      await world.end();
      for (const agent of world.agents.values()) expect(agent.open.size).toBe(0);
      for (const around of world.around) expect(around.record).toBeNull();
    }),
    { numRuns: 300 },
  );
});
