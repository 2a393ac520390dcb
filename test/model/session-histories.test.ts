import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agentId } from '../fakes/session-surroundings.ts';
import { SLOTS } from './model-agent.ts';
import { idOf, keyOf, NAMES, nameOf, SESSIONS, World } from './world.ts';

const which = fc.constantFrom(...SESSIONS);
const who = fc.constantFrom(...NAMES);
/** Of the present owner, or some generation before or after it. */
const off = fc.constantFrom(0, 0, 0, -1, -2, -1000, 1);

/** Opening and moving take no longer, whatever becomes of their object. */
const WORK_LIMIT_MS = 60_000;

/** What may happen, in any order, and at once with what is still under way. */
const Step = fc.oneof(
  fc.record({ do: fc.constant('start' as const), which }),
  fc.record({
    do: fc.constant('fail' as const),
    which,
    off,
    failure: fc.constantFrom('liveness' as const, 'session' as const),
  }),
  fc.record({ do: fc.constant('hand-over' as const), which, off }),
  fc.record({ do: fc.constant('drain' as const), who, on: fc.boolean() }),
  fc.record({ do: fc.constant('leave' as const), who, how: fc.constantFrom('dies' as const, 'cut' as const) }),
  fc.record({ do: fc.constant('come-back' as const), who }),
  fc.record({ do: fc.constant('hello' as const), who }),
  fc.record({
    do: fc.constant('ended' as const),
    which,
    who: fc.option(who),
    off,
    reason: fc.constantFrom('lease' as const, 'shutdown' as const),
  }),
  fc.record({ do: fc.constant('watch' as const), which, who: fc.option(who), off }),
  fc.record({ do: fc.constant('evict' as const), which }),
  fc.record({ do: fc.constant('reset-and-stop' as const), which }),
  fc.record({ do: fc.constant('hand-over-and-flicker' as const), which }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 1_500, 20_000, 91_000, 200_000) }),
  fc.record({ do: fc.constant('stop' as const), which }),
);
/** `together`: the next step does not wait for this one. */
const Steps = fc.array(fc.record({ step: Step, together: fc.boolean() }), { maxLength: 40, size: 'max' });
type Step = typeof Step extends fc.Arbitrary<infer S> ? S : never;

function begin(world: World, step: Step): Promise<void> | undefined {
  const record = 'which' in step ? world.around[step.which]?.record : null;
  const generation = Math.max(1, (record?.generation ?? 0) + ('off' in step ? step.off : 0));
  const owner = nameOf(record?.owner?.agentId ?? agentId('a'));
  switch (step.do) {
    case 'start':
      return world.start(step.which);
    case 'fail':
      return world.fail(step.which, generation, step.failure);
    case 'hand-over':
      return world.handOver(step.which, owner, generation);
    case 'drain':
      world.agent(step.who).draining = step.on;
      return;
    case 'leave':
      return void world.leave(step.who, step.how);
    case 'come-back':
      return void world.comeBack(step.who);
    case 'hello':
      return world.hello(step.who);
    case 'ended':
      return world.ended(step.which, step.who ?? owner, generation, step.reason);
    case 'watch':
      return world.watch(step.which, step.who ?? owner, generation);
    case 'evict':
      return void world.evict(step.which);
    case 'reset-and-stop':
      world.begin(world.fail(step.which, generation, 'liveness'));
      world.evict(step.which);
      return world.stop(step.which);
    case 'hand-over-and-flicker': {
      const work = Promise.all([world.handOver(step.which, owner, generation), world.flicker(owner)]);
      return work.then(() => world.watch(step.which, owner, generation));
    }
    case 'wait':
      return world.pass(step.ms);
    case 'stop':
      return world.stop(step.which);
    default:
      return step satisfies never;
  }
}

/** What must hold at every moment. */
function expectAlways(world: World): void {
  for (const name of NAMES) expect(world.agent(name).used, `slots of ${name}`).toBeLessThanOrEqual(SLOTS);
  const generations = world.admitted.map(({ session, generation }) => `${session} ${generation}`);
  expect(new Set(generations).size, 'one owner for each generation').toBe(generations.length);
  expect(world.wrongs).toEqual([]);
}

/** What must hold when nothing is under way. */
function expectSettled(world: World): void {
  for (const each of SESSIONS) {
    const record = world.around[each]?.record;
    if (record?.state !== 'playing') continue;
    const { generation, owner } = record;
    expect(world.admitted, 'its owner has admitted it').toContainEqual({
      session: idOf(each),
      generation,
      agentId: owner?.agentId,
    });
  }
  for (const name of NAMES) {
    const agent = world.agent(name);
    if (!agent.connected || !agent.greeted) continue;
    for (const { id, generation } of agent.open) {
      const record = world.around.find((_, at) => idOf(at) === id)?.record;
      const mine = record?.owner?.agentId === agentId(name) && record.generation === generation;
      const excused = world.orphans.has(keyOf(name, id, generation));
      if (!excused) expect({ name, id, generation, mine, state: record?.state }).toMatchObject({ mine: true });
      expect(record?.state === 'ended' && !excused, `${name} works for ${id}, which has ended`).toBe(false);
    }
  }
}

/** A machine that flapped is left alone for half a minute at most; asking takes its time too. */
const SOON_S = 12;

async function allBack(world: World): Promise<void> {
  for (const name of NAMES) {
    world.agent(name).draining = false;
    world.comeBack(name);
    world.begin(world.hello(name));
  }
  await world.settle();
}

/** The power fails everywhere. Whoever watches asks every second, then and when it is back: the film goes on. */
async function expectToGoOn(world: World): Promise<void> {
  const waits = () => SESSIONS.filter((each) => ['lost', 'resting'].includes(world.around[each]?.record?.state ?? ''));
  for (const name of NAMES) world.leave(name, 'dies');
  for (const each of SESSIONS) world.begin(world.fail(each, world.around[each]?.record?.generation ?? 1, 'liveness'));
  await world.settle();
  const askFor = async (seconds: number) => {
    for (let second = 0; second < seconds && waits().length > 0; second++) {
      for (const each of waits())
        world.begin(world.fail(each, world.around[each]?.record?.generation ?? 1, 'liveness'));
      world.begin(world.pass(1_000));
      await world.settle();
    }
  };
  await askFor(SOON_S);
  await allBack(world);
  await askFor(SOON_S);
  for (const each of waits()) {
    const able = world.around[each]?.record?.candidates.map(({ agentId }) => world.agent(nameOf(agentId))) ?? [];
    expect(
      able.some(({ used }) => used < SLOTS),
      `${idOf(each)} waits for nothing`,
    ).toBe(false);
  }
}

/** Seven seconds on a machine that does nothing else. */
const LONGEST_MS = 180_000;

it(
  'whatever happens, in whatever order, a generation has one owner, no slot is counted twice, a film goes on, and all ends',
  async () => {
    await fc.assert(
      fc.asyncProperty(Steps, fc.boolean(), fc.scheduler(), async (steps, powerFails, scheduler) => {
        const world = new World(scheduler);
        for (const each of SESSIONS) {
          world.begin(world.start(each));
          await world.settle();
        }
        for (const { step, together } of steps) {
          const work = begin(world, step);
          if (work) world.begin(work);
          if (!together) await world.settle();
          expectAlways(world);
          if (!together) expectSettled(world);
        }
        await world.settle();
        expectSettled(world);
        if (powerFails) await expectToGoOn(world);
        else await allBack(world);
        expectSettled(world);
        // Nobody watches any more.
        world.begin(world.pass(WORK_LIMIT_MS));
        await world.settle();
        for (const { record } of world.around) expect(['opening', 'moving']).not.toContain(record?.state);
        for (let hour = 0; hour < 40; hour++) {
          world.begin(world.pass(60 * 60_000));
          await world.settle();
        }
        expectAlways(world);
        for (const name of NAMES) expect(world.agent(name).open).toEqual([]);
        for (const around of world.around) expect(around.record).toBeNull();
      }),
      { numRuns: 1500 },
    );
  },
  LONGEST_MS,
);
