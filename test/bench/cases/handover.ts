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

/** A film in Chromium with ten seconds buffered, while its machine, its network and the edge fail at random moments. */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const rounds = quick ? 1 : 10;
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
    for (let round = 0; round < rounds; round++) {
      await household.allOnline();
      await player.play(household.url, itemId, START_S.from + Math.floor(Math.random() * (START_S.to - START_S.from)));
      for (const fault of FAULTS) outcomes.push(await strike(household, player, itemId, fault));
    }
    const lost = await lostProgress(household, player, itemId);
    const left = household.machines.flatMap((machine) => machine.ffmpegs()).filter(isAlive).length;
    const held = (await household.agents()).reduce((sum, agent) => sum + agent.slotsUsed, 0);
    return { bench: 'handover', measures: [...measures(outcomes), ...after({ lost, left, held })] };
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
  return [
    { name: 'faults', value: outcomes.length, unit: '' },
    { name: 'closed_socket_median', value: median(times('closed')), unit: 's' },
    { name: 'closed_socket_worst', value: Math.max(...times('closed')), unit: 's', goal: '< 2' },
    { name: 'silence_median', value: median(times('silent')), unit: 's' },
    { name: 'silence_worst', value: Math.max(...times('silent')), unit: 's', goal: '< 5' },
    { name: 'edge_away_worst', value: Math.max(...times('edge')), unit: 's' },
    { name: 'stalls', value: stalled.filter((seconds) => seconds > 0).length, unit: 'of all', goal: '<= 0' },
    { name: 'stall_longest', value: Math.max(...stalled), unit: 's' },
    { name: 'moves_for_one_fault', value: Math.max(...outcomes.map(({ moves }) => moves)), unit: '', goal: '<= 1' },
    {
      name: 'wrong_pictures',
      value: outcomes.filter(({ wrongPicture }) => wrongPicture).length,
      unit: 'of all',
      goal: '<= 0',
    },
  ];
}

function after({ lost, left, held }: { lost: number; left: number; held: number }): Measure[] {
  return [
    { name: 'progress_lost', value: lost, unit: 's', goal: '<= 1' },
    { name: 'processes_left', value: left, unit: '', goal: '<= 0' },
    { name: 'slots_held', value: held, unit: '', goal: '<= 0' },
  ];
}
