import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HEARTBEAT } from '../../agent/link/socket.ts';
import type { PlayAnswer } from '../../shared/api/playback.ts';
import { UsageError } from '../local/options.ts';
import { type Check, failed, ok, skipped, spell } from './check.ts';
import { survivesDeploy } from './checks/deploy.ts';
import { leaving } from './checks/leaving.ts';
import { manyRequests } from './checks/limits.ts';
import { paused } from './checks/paused.ts';
import { reachable } from './checks/reachable.ts';
import { socketStays } from './checks/socket.ts';
import { largestPart, latency, throughput } from './checks/speed.ts';
import { streamed } from './checks/streamed.ts';
import { type Credentials, EdgeApi } from './edge-api.ts';
import type { VerifyOptions } from './options.ts';
import type { Stage, Times } from './stage.ts';
import { ThrowAwayAgent } from './throw-away-agent.ts';

const PAUSE_MS = 20_000;
/** Longer than the minute after which the edge ends a relay that moves nothing. */
const LONG_PAUSE_MS = 90_000;
const READ_ON_MS = 30_000;
const LEAVING_MS = 6_000;
const THROUGHPUT_MS = 20_000;
const ARRIVAL_MS = 30_000;
const LOOK_MS = 250;
/** Of the made-up film alone, and of this run; it goes with them. */
const libraryName = () => `Hearthcast verify ${randomBytes(4).toString('hex')}`;
const JOINS = 'A machine joins';

export interface VerifyDeps {
  /** Asked once the edge has answered. */
  credentials(): Promise<Credentials>;
  /** Resolves when the owner has deployed; null where nobody can be asked. */
  deployed: ((signal: AbortSignal) => Promise<void>) | null;
  /** Told of each check as it is done. */
  onCheck(check: Check): void;
  times?: Times;
  /** This machine's clock, in ms since 1970. */
  now?(): number;
}

export const timesOf = ({ long }: Pick<VerifyOptions, 'long'>): Times => ({
  ...{
    pauseMs: long ? LONG_PAUSE_MS : PAUSE_MS,
    readOnMs: READ_ON_MS,
    leavingMs: LEAVING_MS,
    throughputMs: THROUGHPUT_MS,
    heartbeat: HEARTBEAT,
  },
});

/**
 * Measures a deployment with a machine that it adds and removes again, also when the signal aborts. Throws a UsageError
 * where the credentials are not taken.
 */
export async function verify(options: VerifyOptions, deps: VerifyDeps, signal: AbortSignal): Promise<Check[]> {
  const { edge } = options;
  const { times = timesOf(options), onCheck } = deps;
  const checks: Check[] = [];
  const add = (...found: Check[]) => {
    checks.push(...found);
    found.forEach(onCheck);
  };
  const first = await reachable(edge, deps.now ?? Date.now, signal);
  add(...first);
  if (first[0]?.result === 'failed') return checks;
  await using api = await EdgeApi.signIn(edge, await deps.credentials());
  const startedAt = performance.now();
  const name = libraryName();
  let library: string | null = null;
  let agent: ThrowAwayAgent | null = null;
  try {
    library = await api.makeLibrary(name);
    agent = await ThrowAwayAgent.join(edge, api, { library: name, heartbeat: times.heartbeat, signal });
    const { sessionId, url } = await play(api, agent.title, library, signal);
    agent.onLeaving(() => api.stop(sessionId));
    const stage: Stage = { agent, url: new URL(url, edge).href, times, signal };
    add(ok(JOINS, spell(performance.now() - startedAt), 'It enrolled, connected and shared a film.'));
    for (const check of plannedChecks(options, deps)) add(notToBeJudged(check, checks) ?? (await run(check, stage)));
  } catch (error) {
    if (error instanceof UsageError || signal.aborted) throw error;
    const advice = 'See that WebSockets and PUT pass to /agent/*, and look at `npx wrangler tail`.';
    add(failed(JOINS, null, (error as Error).message, advice));
  } finally {
    await agent?.[Symbol.asyncDispose]().catch((error: Error) => {
      const advice = 'Remove the machine “Hearthcast verify” under Machines.';
      add(failed('Cleaning up', null, error.message, advice));
    });
    // After the machine: one that is still there would name its folder in it again.
    await (library === null ? null : api.deleteLibrary(library))?.catch((error: Error) => {
      add(failed('Cleaning up', null, error.message, `Delete the library “${name}” on its page.`));
    });
  }
  return checks;
}

type Planned = readonly [name: string, look: (stage: Stage) => Promise<Check>, on?: string];

function plannedChecks({ full, deploy }: VerifyOptions, { deployed }: VerifyDeps): Planned[] {
  const byHand = 'A deploy in the middle of a film';
  const silent = async () => skipped(byHand, 'Nobody can be asked here: run it in a terminal.');
  return [
    ['Bodies are streamed', streamed],
    // Behind what holds bodies back the machine is done before anybody can leave.
    ['A viewer who leaves', leaving, 'Bodies are streamed'],
    ['Small answers', latency],
    ['Many requests', manyRequests],
    ['Throughput', throughput],
    ['A paused viewer', paused],
    ...(full ? [['A part of 64 MB', largestPart] as const] : []),
    ...(deploy ? [[byHand, deployed ? (stage: Stage) => survivesDeploy(stage, deployed) : silent] as const] : []),
    ['The machine’s connection', socketStays],
  ];
}

/** A check that judges nothing unless the one it builds on came out well. */
function notToBeJudged([name, , on]: Planned, before: readonly Check[]): Check | null {
  if (on === undefined || before.find((one) => one.name === on)?.result === 'ok') return null;
  return skipped(name, `It says something only where “${on}” is well: mend that first, and run this again.`);
}

/** A check that came to no end has failed; what it said is what is known. */
async function run([name, look]: Planned, stage: Stage): Promise<Check> {
  try {
    return await look(stage);
  } catch (error) {
    stage.signal.throwIfAborted();
    const said = (error as Error).message || (error as Error).name;
    const advice = 'Run it again; if it stays so, look at `npx wrangler tail` while it runs.';
    return failed(name, null, `It came to no end: ${said}.`, advice);
  }
}

/** Plays the film once the catalog has it. */
async function play(api: EdgeApi, title: string, library: string, signal: AbortSignal): Promise<PlayAnswer> {
  for (const end = Date.now() + ARRIVAL_MS; Date.now() < end; await sleep(LOOK_MS, undefined, { signal })) {
    const item = await api.newest(library, title);
    if (item) return api.play(item);
  }
  throw new Error('The film did not appear in the catalog.');
}
