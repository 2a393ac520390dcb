import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agents } from '../../shared/api/fleet.ts';
import { ActiveSessions } from '../../shared/api/playback.ts';
import { DEMO } from '../fakes/media-samples.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { OwnTime } from './own-time.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import { SimulatedViewer, type Tally } from './simulated-viewer.ts';
import { generator } from './viewing.ts';

/**
 * `node test/sim/sessions.ts --minutes 5 --viewers 200 --agents 20`: the whole edge, agents by the real protocol that
 * die, are cut off and come back, and viewers by the player's rules. Ends with 1 where a session was lost that had a
 * copy left, a slot or a session stayed behind, or an agent went over its limit. It waits for what it expects, and
 * counts limits in the time that it was given itself: on a busy machine it takes longer, and finds no other faults.
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
/** An old owner learns within this that its session has moved, and the edge that a machine has come back. */
const SETTLED_MS = 15_000;
/** After the lease, for what is told over the link and written down. */
const LEFT_MS = 60_000;

const random = generator(Number(values.seed));
await using deployment = await startDeployment();
await using stack = new AsyncDisposableStack();
const leaseMs = Number(values.lease) * 1000;
const agents: SimulatedAgent[] = [];
for (let i = 0; i < Number(values.agents); i++) {
  agents.push(stack.use(await SimulatedAgent.join(deployment, `agent ${i}`, { slots: Number(values.slots), leaseMs })));
}
const films: number[] = [];
const holders = new Map<number, SimulatedAgent[]>();
for (let i = 0; i < FILMS; i++) {
  const first = Math.floor(random() * agents.length);
  const having = new Set(
    Array.from({ length: COPIES }, (_, n) => agents[(first + n * 7) % agents.length] as SimulatedAgent),
  );
  const media = i % 2 === 0 ? DEMO.twoLanguages : DEMO.hevc10;
  const film = await deployment.item(
    `Film ${i}`,
    media,
    [...having].map(({ id }) => id),
  );
  films.push(film);
  holders.set(film, [...having]);
}

const until = Date.now() + Number(values.minutes) * 60_000;
using time = new OwnTime(() => fetch(`${deployment.origin}/api/v1/health`).then((answer) => answer.text()));
const tally: Tally = { films: 0, segments: 0, retries: 0, waits: 0, replays: 0, lost: [], forsaken: 0, slowestMs: 0 };
const faults = { dies: 0, cut: 0 };
const away = new Set<SimulatedAgent>();
/** Since when an agent has been there without a break, by the time that the simulator has had. */
const thereSince = new Map<SimulatedAgent, number>(agents.map((agent) => [agent, time.now()]));
/** Sessions that two agents had open for longer than an old owner needs to hear of it, and since when others have been. */
const doubled = new Set<string>();
const twiceSince = new Map<string, number>();

async function fate(): Promise<void> {
  while (Date.now() < until) {
    await delay(BETWEEN_FAULTS_MS * (0.5 + random()));
    const there = agents.filter((agent) => !away.has(agent));
    if (away.size >= agents.length * SHARE_AWAY) continue;
    const agent = there[Math.floor(random() * there.length)] as SimulatedAgent;
    const how = random() < 0.5 ? 'dies' : 'cut';
    faults[how]++;
    away.add(agent);
    thereSince.delete(agent);
    void agent
      .leave(how)
      .then(() => delay(1_000 + random() * LONGEST_ABSENCE_MS))
      .then(() => agent.connect())
      .then(() => {
        away.delete(agent);
        thereSince.set(agent, time.now());
      });
  }
}

function look(): void {
  const seen = new Map<string, number>();
  for (const agent of agents) {
    if (!agent.connected) continue;
    for (const { id } of agent.rules.open) seen.set(id, (seen.get(id) ?? 0) + 1);
  }
  const twice = new Set([...seen].filter(([, count]) => count > 1).map(([id]) => id));
  for (const id of [...twiceSince.keys()]) if (!twice.has(id)) twiceSince.delete(id);
  for (const id of twice) {
    const since = twiceSince.get(id) ?? time.now();
    twiceSince.set(id, since);
    if (time.now() - since > SETTLED_MS) doubled.add(id);
  }
}

/** Whether a machine with a copy has been there long enough for everybody to know. */
function isHeld(film: number): boolean {
  return (holders.get(film) ?? []).some((agent) => {
    const since = thereSince.get(agent);
    return agent.connected && since !== undefined && time.now() - since > SETTLED_MS;
  });
}

const sampling = setInterval(look, SAMPLE_MS);
const people = Array.from({ length: Number(values.viewers) }, async (_, n) => {
  const mood = generator(Number(values.seed) + n + 1);
  await delay(mood() * 5_000);
  await new SimulatedViewer({ deployment, films, tally, time, isHeld, until }, mood).watchOn();
});
await Promise.all([fate(), ...people]);
clearInterval(sampling);
while (away.size > 0) await delay(500);
// Whoever only closed a lid still has a slot, for as long as a lease.
let left = await leftBehind(deployment);
for (const since = time.now(); !isClean(left) && time.now() - since < leaseMs + LEFT_MS; await delay(1_000)) {
  left = await leftBehind(deployment);
}
const over = agents.filter((agent) => agent.mostUsed > agent.rules.slots).length;
const { lost, ...counts } = tally;
console.log({ ...counts, faults, lost: lost.length, doubled: doubled.size, over, left, stalledMs: time.stalledMs });
for (const line of lost.slice(0, 20)) console.log(line);
process.exitCode = lost.length === 0 && doubled.size === 0 && over === 0 && isClean(left) ? 0 : 1;

function isClean(counts: Record<string, number>): boolean {
  return Object.values(counts).every((count) => count === 0);
}

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
