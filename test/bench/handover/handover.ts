import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS, type Fault } from '../../e2e/faults.ts';
import { Household, waitFor } from '../../e2e/household.ts';
import { readTimeCode } from '../../e2e/player.ts';
import { makeFilms, recode, shareFilms } from '../../e2e/time-coded-film.ts';
import { WatchedPlayer } from '../../e2e/watched-player.ts';
import type { BenchOptions, BenchResult } from '../measures.ts';
import { aftermath } from './aftermath.ts';
import { measuresOf, type Outcome } from './outcomes.ts';

const FILM_S = 600;
const AHEAD_S = 10;

/** Where each play begins: far enough in that a position is kept, and early enough that the film is not over. */
const START_S = { from: 70, to: 270 } as const;

/** A fault falls anywhere between two requests of the player. */
const RANDOM_MS = 4_000;

/** The player reports every ten seconds. */
const REPORTED_WITHIN_MS = 12_000;
const LOOK_EVERY_MS = 250;

/** What came of a fault after this long has gone wrong: the film stands, and the next fault finds a new play. */
const FAULT_LIMIT_MS = 60_000;

/** No further fault is struck after this long: what is left is told, and can be run by itself. */
const BUDGET_MS = { quick: 40_000, whole: 260_000 } as const;

export type Film = 'copied' | 'converted';

interface Watching {
  household: Household;
  player: WatchedPlayer;
  itemId: string;
  /** What the session holds of its machine. */
  slots: number;
}

/** A film in Chromium with ten seconds buffered, while its machine, its network and the edge fail at random moments. */
export async function strikeFilm(
  bench: string,
  film: Film,
  { quick, only, rounds = quick ? 1 : 10 }: BenchOptions,
): Promise<BenchResult> {
  const faults = FAULTS.filter(({ id }) => only === undefined || id === only);
  if (faults.length === 0) throw new Error(`--fault is one of ${FAULTS.map(({ id }) => id).join(', ')}`);
  const dir = mkdtempSync(join(tmpdir(), 'hearthcast-bench-'));
  try {
    await using household = await Household.start(dir);
    const itemId = await furnish(household, dir, film);
    await using player = await WatchedPlayer.open(household.url, AHEAD_S);
    const watching: Watching = { household, player, itemId, slots: film === 'converted' ? 1 : 0 };
    const begin = () => player.play(household.url, itemId, START_S.from + random(START_S.to - START_S.from));
    const outcomes: Outcome[] = [];
    let stuck = 0;
    const until = Date.now() + BUDGET_MS[quick ? 'quick' : 'whole'];
    let left = rounds * faults.length;
    await begin();
    for (let round = 0; round < rounds; round++) {
      for (const fault of faults) {
        if (Date.now() > until) break;
        left--;
        const outcome = await within(FAULT_LIMIT_MS, strike(watching, fault)).catch(String);
        process.stderr.write(`${round + 1} ${fault.id}: ${JSON.stringify(outcome)}\n`);
        if (typeof outcome !== 'string') outcomes.push(outcome);
        else {
          stuck++;
          for (const machine of household.machines) await revive(machine);
          await household.allOnline();
          await begin();
        }
      }
    }
    const lostS = await lostAtTheEnd(watching);
    const over = await aftermath(household, itemId, 0);
    return { bench, measures: measuresOf(outcomes, { ...over, lostS, stuck, leftOut: left }) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Two machines with the same film on two sites, and a third that has none but could encode for the first. */
async function furnish(household: Household, dir: string, film: Film): Promise<string> {
  const made = makeFilms(join(dir, 'films'), FILM_S);
  const [title, file] =
    film === 'copied'
      ? ['Anchor', made.remux]
      : ['Cinder', recode(made.direct, join(dir, 'films', 'Cinder (2022).mkv'))];
  await household.join('cellar', 'Home', shareFilms(join(dir, 'shared-1'), [file]));
  await household.join('cabin', 'Cabin', shareFilms(join(dir, 'shared-2'), [file]));
  await household.join('attic', 'Home', shareFilms(join(dir, 'shared-3'), []));
  await household.allOnline();
  return household.item(title, 2);
}

async function strike({ household, player, itemId, slots }: Watching, fault: Fault): Promise<Outcome> {
  await household.allOnline();
  await player.filled();
  await sleep(random(RANDOM_MS));
  const before = await watched(household, itemId);
  await player.mark();
  const struckAt = (await readTimeCode(player.page)).currentTime;
  await fault.strike(household, before.agent);
  const { slowestSegmentMs, stalls } = await player.goesOn(10, 4);
  const { shown, currentTime } = await readTimeCode(player.page);
  const after = await watched(household, itemId);
  await fault.heal(household, before.agent);
  await household.allOnline();
  const left = await aftermath(household, itemId, slots);
  const lostS = await behind(household, itemId, struckAt);
  return {
    kind: fault.kind,
    replacedMs: slowestSegmentMs,
    stalledMs: stalls.reduce((sum, ms) => sum + ms, 0),
    moves: after.id === before.id ? after.moves - before.moves : Number.POSITIVE_INFINITY,
    wrongPicture: Math.abs(Math.floor(currentTime) - shown) > 1,
    ...{ lostS, ...left },
  };
}

/** How many seconds what the edge knows of the place stays behind where the film was once: the player tells it now and then. */
async function behind(household: Household, itemId: string, wasAtS: number): Promise<number> {
  const until = Date.now() + REPORTED_WITHIN_MS;
  for (;;) {
    const lostS = Math.max(0, wasAtS - (await watched(household, itemId)).positionMs / 1000);
    if (lostS === 0 || Date.now() > until) return lostS;
    await sleep(LOOK_EVERY_MS);
  }
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
async function lostAtTheEnd({ household, player, itemId }: Watching): Promise<number> {
  const at = await player.page.evaluate(() => document.querySelector('video')?.currentTime ?? 0);
  await player.page.goto(household.url);
  await waitFor('no sessions', 10_000, async () => ((await household.sessions()).length === 0 ? true : null));
  await sleep(1_000);
  const { user } = await household.get<{ user: { positionMs: number } }>(`/items/${itemId}`);
  return Math.max(0, at - user.positionMs / 1000);
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
