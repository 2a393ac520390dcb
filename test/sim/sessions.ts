import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agents } from '../../shared/api/fleet.ts';
import { ActiveSessions } from '../../shared/api/playback.ts';
import { DEMO } from '../fakes/media-samples.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import { SimulatedViewer, type Tally } from './simulated-viewer.ts';
import { generator } from './viewing.ts';

/**
 * `node test/sim/sessions.ts --minutes 5 --viewers 200 --agents 20`: the whole edge, agents by the real protocol that
 * die, are cut off and come back, and viewers by the player's rules. Ends with 1 where a session was lost that had a
 * copy left, a slot or a session stayed behind, or an agent went over its limit.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    viewers: { type: 'string', default: '200' },
    agents: { type: 'string', default: '20' },
    /** Slots for converting of each agent; half of the films need one. */
    slots: { type: 'string', default: '6' },
    /** Seconds of the agents' lease: 90 as in life, less for a short run. */
    lease: { type: 'string', default: '90' },
    seed: { type: 'string', default: '1' },
  },
});
const FILMS = 60;
const COPIES = 3;
const BETWEEN_FAULTS_MS = 2_000;
const LONGEST_ABSENCE_MS = 15_000;
/** Of the agents, so many are there at any time. */
const SHARE_AWAY = 0.3;
const SAMPLE_MS = 5_000;

const random = generator(Number(values.seed));
await using deployment = await startDeployment();
await using stack = new AsyncDisposableStack();
const leaseMs = Number(values.lease) * 1000;
const agents: SimulatedAgent[] = [];
for (let i = 0; i < Number(values.agents); i++) {
  agents.push(stack.use(await SimulatedAgent.join(deployment, `agent ${i}`, { slots: Number(values.slots), leaseMs })));
}
const films: number[] = [];
for (let i = 0; i < FILMS; i++) {
  const first = Math.floor(random() * agents.length);
  const holders = Array.from(
    { length: COPIES },
    (_, n) => (agents[(first + n * 7) % agents.length] as SimulatedAgent).id,
  );
  const media = i % 2 === 0 ? DEMO.twoLanguages : DEMO.hevc10;
  films.push(await deployment.item(`Film ${i}`, media, [...new Set(holders)]));
}

const until = Date.now() + Number(values.minutes) * 60_000;
const tally: Tally = { films: 0, segments: 0, retries: 0, waits: 0, replays: 0, lost: [], slowestMs: 0 };
const faults = { dies: 0, cut: 0 };
const away = new Set<SimulatedAgent>();
/** Sessions that two agents had open in two looks one after the other. */
let doubled = 0;
let before = new Set<string>();

async function fate(): Promise<void> {
  while (Date.now() < until) {
    await delay(BETWEEN_FAULTS_MS * (0.5 + random()));
    const there = agents.filter((agent) => !away.has(agent));
    if (away.size >= agents.length * SHARE_AWAY) continue;
    const agent = there[Math.floor(random() * there.length)] as SimulatedAgent;
    const how = random() < 0.5 ? 'dies' : 'cut';
    faults[how]++;
    away.add(agent);
    void agent
      .leave(how)
      .then(() => delay(1_000 + random() * LONGEST_ABSENCE_MS))
      .then(() => agent.connect())
      .then(() => away.delete(agent));
  }
}

function look(): void {
  const seen = new Map<string, number>();
  for (const agent of agents) {
    if (!agent.connected) continue;
    for (const { id } of agent.rules.open) seen.set(id, (seen.get(id) ?? 0) + 1);
  }
  const twice = new Set([...seen].filter(([, count]) => count > 1).map(([id]) => id));
  doubled += [...twice].filter((id) => before.has(id)).length;
  before = twice;
}

const sampling = setInterval(look, SAMPLE_MS);
const people = Array.from({ length: Number(values.viewers) }, async (_, n) => {
  const mood = generator(Number(values.seed) + n + 1);
  await delay(mood() * 5_000);
  await new SimulatedViewer(deployment, films, tally, mood, until).watchOn();
});
await Promise.all([fate(), ...people]);
clearInterval(sampling);
while (away.size > 0) await delay(500);
// Whoever only closed a lid still has a slot, for as long as a lease.
await delay(leaseMs + 10_000);

const left = await leftBehind(deployment);
const over = agents.filter((agent) => agent.mostUsed > agent.rules.slots).length;
const { lost, ...counts } = tally;
console.log({ ...counts, faults, lost: lost.length, doubled, over, left });
for (const line of lost.slice(0, 20)) console.log(line);
const clean = lost.length === 0 && doubled === 0 && over === 0 && Object.values(left).every((count) => count === 0);
process.exitCode = clean ? 0 : 1;

async function leftBehind({ call }: Deployment) {
  const lines = Agents.parse(await (await call('GET', '/agents')).json()).items;
  const sessions = ActiveSessions.parse(await (await call('GET', '/sessions')).json()).items;
  return {
    slotsByEdge: lines.reduce((sum, { slotsUsed }) => sum + slotsUsed, 0),
    slotsByAgents: agents.reduce((sum, { rules }) => sum + rules.used, 0),
    openOnAgents: agents.reduce((sum, { rules }) => sum + rules.open.length, 0),
    playing: sessions.filter(({ state }) => state === 'playing' || state === 'moving' || state === 'opening').length,
  };
}
