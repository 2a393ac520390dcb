import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS, type Fault } from '../../e2e/faults.ts';
import { Household, waitFor } from '../../e2e/household.ts';
import { isAlive } from '../../e2e/local-server.ts';
import { readTimeCode } from '../../e2e/player.ts';
import { makeFilms, shareFilms } from '../../e2e/time-coded-film.ts';
import { WatchedPlayer } from '../../e2e/watched-player.ts';
import { type BenchOptions, type BenchResult, type Measure, median } from '../measures.ts';

const FILM_S = 600;
const AHEAD_S = 10;

/** Where each round begins: far enough in that a position is kept, and early enough that the film is not over. */
const START_S = { from: 70, to: 300 } as const;

/** A fault falls anywhere between two requests of the player. */
const RANDOM_MS = 4_000;

interface Outcome {
  kind: Fault['kind'];
  /** From the request that met the fault to the bytes of its answer. */
  replacedMs: number;
  stalledMs: number;
  moves: number;
  /** The picture's second is not the player's. */
  wrongPicture: boolean;
}

/** What came of a fault after this long has gone wrong: the film stands, and the next fault finds a new play. */
const FAULT_LIMIT_MS = 45_000;

/** No further fault is struck after this long: what is left is told, and can be run by itself. */
const BUDGET_MS = { quick: 40_000, whole: 270_000 } as const;

/** A film in Chromium with ten seconds buffered, while its machine, its network and the edge fail at random moments. */
export async function run({ quick, only, rounds = quick ? 1 : 10 }: BenchOptions): Promise<BenchResult> {
  const faults = FAULTS.filter(({ id }) => only === undefined || id === only);
  if (faults.length === 0) throw new Error(`--fault is one of ${FAULTS.map(({ id }) => id).join(', ')}`);
  const dir = mkdtempSync(join(tmpdir(), 'hearthcast-bench-'));
  try {
    const films = [makeFilms(join(dir, 'films'), FILM_S).remux];
    await using household = await Household.start(dir);
    await household.join('cellar', 'Home', shareFilms(join(dir, 'shared-1'), films));
    await household.join('cabin', 'Cabin', shareFilms(join(dir, 'shared-2'), films));
    await household.join('attic', 'Home', shareFilms(join(dir, 'shared-3'), []));
    await household.allOnline();
    const itemId = await household.item('Anchor', 2);
    await using player = await WatchedPlayer.open(household.url, AHEAD_S);
    const outcomes: Outcome[] = [];
    const stuck: string[] = [];
    const begin = () =>
      player.play(household.url, itemId, START_S.from + Math.floor(Math.random() * (START_S.to - START_S.from)));
    const until = Date.now() + BUDGET_MS[quick ? 'quick' : 'whole'];
    let left = rounds * faults.length;
    await begin();
    for (let round = 0; round < rounds; round++) {
      for (const fault of faults) {
        if (Date.now() > until) break;
        left--;
        const outcome = await within(FAULT_LIMIT_MS, strike(household, player, itemId, fault)).catch(String);
        process.stderr.write(`${round + 1} ${fault.id}: ${JSON.stringify(outcome)}\n`);
        if (typeof outcome !== 'string') outcomes.push(outcome);
        else {
          stuck.push(fault.id);
          for (const machine of household.machines) await revive(machine);
          await household.allOnline();
          await begin();
        }
      }
    }
    const lost = await lostProgress(household, player, itemId);
    const running = household.machines.flatMap((machine) => machine.ffmpegs()).filter(isAlive).length;
    const held = (await household.agents()).reduce((sum, agent) => sum + agent.slotsUsed, 0);
    return {
      bench: 'handover',
      measures: [...measures(outcomes), ...after({ lost, running, held, stuck: stuck.length, left })],
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function strike(household: Household, player: WatchedPlayer, itemId: string, fault: Fault): Promise<Outcome> {
  await household.allOnline();
  await player.filled();
  await sleep(Math.random() * RANDOM_MS);
  const before = await watched(household, itemId);
  await player.mark();
  await fault.strike(household, before.agent);
  const { slowestSegmentMs, stalls } = await player.goesOn(10, 4);
  const { shown, currentTime } = await readTimeCode(player.page);
  const after = await watched(household, itemId);
  await fault.heal(household, before.agent);
  return {
    kind: fault.kind,
    replacedMs: slowestSegmentMs,
    stalledMs: stalls.reduce((sum, ms) => sum + ms, 0),
    moves: after.id === before.id ? after.moves - before.moves : Number.POSITIVE_INFINITY,
    wrongPicture: Math.abs(Math.floor(currentTime) - shown) > 1,
  };
}

/** A machine as it was before any fault: it runs, and its cable is whole. */
async function revive(machine: Household['machines'][number]): Promise<void> {
  machine.cable.mend();
  await machine.signal('SIGCONT');
  machine.power();
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${ms / 1000} s`)), ms);
  });
  // What it was doing may still fail after it was given up.
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function watched(household: Household, itemId: string) {
  return waitFor('the session', 10_000, async () => {
    return (await household.sessions()).find((session) => session.itemId === itemId) ?? null;
  });
}

/** Seconds between where the film was when its page was left and where it will go on. */
async function lostProgress(household: Household, player: WatchedPlayer, itemId: string): Promise<number> {
  const at = await player.page.evaluate(() => document.querySelector('video')?.currentTime ?? 0);
  await player.page.goto(household.url);
  await waitFor('no sessions', 10_000, async () => ((await household.sessions()).length === 0 ? true : null));
  await sleep(1_000);
  const { user } = await household.get<{ user: { positionMs: number } }>(`/items/${itemId}`);
  return Math.max(0, at - user.positionMs / 1000);
}

function measures(outcomes: readonly Outcome[]): Measure[] {
  const times = (kind: Fault['kind']) =>
    outcomes.filter((outcome) => outcome.kind === kind).map(({ replacedMs }) => replacedMs / 1000);
  const stalled = outcomes.map(({ stalledMs }) => stalledMs / 1000);
  const worst = (name: string, kind: Fault['kind'], goal?: string): Measure[] => {
    const all = times(kind);
    if (all.length === 0) return [];
    const of = { unit: 's', ...(goal === undefined ? {} : { goal }) };
    return [
      { name: `${name}_median`, value: median(all), unit: 's' },
      { name: `${name}_worst`, value: Math.max(...all), ...of },
    ];
  };
  return [
    { name: 'faults', value: outcomes.length, unit: '' },
    ...worst('closed_socket', 'closed', '< 2'),
    ...worst('silence', 'silent', '< 5'),
    ...worst('edge_away', 'edge'),
    { name: 'stalls', value: stalled.filter((seconds) => seconds > 0).length, unit: 'of all', goal: '<= 0' },
    { name: 'stall_longest', value: Math.max(0, ...stalled), unit: 's' },
    { name: 'moves_for_one_fault', value: Math.max(0, ...outcomes.map(({ moves }) => moves)), unit: '', goal: '<= 1' },
    {
      name: 'wrong_pictures',
      value: outcomes.filter(({ wrongPicture }) => wrongPicture).length,
      unit: 'of all',
      goal: '<= 0',
    },
  ];
}

function after(of: Record<'lost' | 'running' | 'held' | 'stuck' | 'left', number>): Measure[] {
  const { lost, running, held, stuck, left } = of;
  return [
    { name: 'faults_stuck', value: stuck, unit: '', goal: '<= 0' },
    { name: 'faults_left_out', value: left, unit: '' },
    { name: 'progress_lost', value: lost, unit: 's', goal: '<= 1' },
    { name: 'processes_left', value: running, unit: '', goal: '<= 0' },
    { name: 'slots_held', value: held, unit: '', goal: '<= 0' },
  ];
}
