import { z } from 'zod';
import type { Page } from '../../shared/api/paging.ts';
import type { LibrarySettings, ScanRun, ScanRunsQuery } from '../../shared/api/scans.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { RescanByRoot, ScanTrigger } from '../../shared/protocol/scans.ts';
import { type LibraryRootRow, libraryExists, listRoots, rescanOfAgent, saveRescan } from '../db/libraries.ts';
import {
  type AskedRun,
  askedRunStatement,
  deleteRun,
  heldRuns,
  type RunRow,
  runsBelow,
  stopHeldStatement,
} from '../db/scan-runs.ts';
import { readSettings } from '../deployment/settings.ts';
import type { Env } from '../env.ts';
import { randomId } from '../identity/sealed.ts';
import { callAgent } from '../link/calls.ts';
import { CursorId, decodeCursor, encodeCursor, idOf } from './cursors.ts';

/** An agent begins or ends a scan and answers at once. */
const SCAN_DEADLINE_MS = 10_000;

const RunCursor = z.object({ id: CursorId });

const OFFLINE = 'The machine is not there. It begins when it is back.';

/** Scans of one library or of all, the newest first. */
export async function showRuns(env: Env, { cursor, limit, library }: ScanRunsQuery): Promise<Page<ScanRun>> {
  const below = decodeCursor(cursor, RunCursor)?.id ?? Number.MAX_SAFE_INTEGER;
  const rows = await runsBelow(env.DB, library === undefined ? null : idOf(library), below, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(runOf), next: last ? encodeCursor({ id: last.id }) : null };
}

/** What is asked of the machines, and by whom: a person or a webhook. */
export interface ScanRequest {
  full: boolean;
  trigger: Extract<ScanTrigger, 'hand' | 'webhook'>;
  askedBy: string;
}

/**
 * Tells the agents of a library's roots (null: of all) to scan them, and writes a run of each down. One whose machine is
 * not there waits for it. Answers how many machines were told. Throws `not-found`.
 */
export async function startScan(
  env: Env,
  libraryId: number | null,
  request: ScanRequest,
  now: number,
): Promise<{ started: number; offline: number }> {
  const roots = await rootsOf(env, libraryId);
  const answers = await Promise.all(roots.map(async (root) => ({ root, run: await tellToScan(env, root, request) })));
  const asked = answers.flatMap(({ root, run }): AskedRun[] => {
    // An agent that knows no runs scans all the same, and tells of none.
    if (run === 'unnamed') return [];
    const of = { agentId: root.agent.id, root: root.id, ...request };
    return [run === null ? { ...of, run: randomId('run_'), held: OFFLINE } : { ...of, run, held: null }];
  });
  if (asked.length > 0) await env.DB.batch(asked.map((one) => askedRunStatement(env.DB, one, now)));
  const told = machines(answers.filter(({ run }) => run !== null));
  return { started: told, offline: machines(answers.filter(({ run }) => run === null)) };
}

/** Asks a machine that is back for the scans that were asked for while it was away. */
export async function askForHeldScans(env: Env, agentId: string, now: number): Promise<void> {
  for (const { id, root, trigger, full, askedBy } of await heldRuns(env.DB, agentId)) {
    const request = { full: full === 1, trigger, askedBy };
    const run = await tellToScan(env, { id: root, agent: { id: agentId } }, request);
    if (run === null) return;
    const asked = run === 'unnamed' ? [] : [{ agentId, root, run, ...request, held: null }];
    await env.DB.batch([deleteRun(env.DB, id), ...asked.map((one) => askedRunStatement(env.DB, one, now))]);
  }
}

/** Stops the scans of a library (null: of all). Answers how many machines stopped one. Throws `not-found`. */
export async function stopScan(
  env: Env,
  libraryId: number | null,
  now: number,
): Promise<{ stopped: number; offline: number }> {
  const roots = await rootsOf(env, libraryId);
  if (roots.length > 0) await env.DB.batch(roots.map(({ id, agent }) => stopHeldStatement(env.DB, agent.id, id, now)));
  const answers = await Promise.all(
    roots.map(async (root) => {
      const answer = await callAgent(env, root.agent.id, 'library.stop', { root: root.id }, SCAN_DEADLINE_MS);
      return { root, stopped: answer.ok ? answer.answer.stopped : null };
    }),
  );
  return {
    stopped: machines(answers.filter(({ stopped }) => stopped === true)),
    offline: machines(answers.filter(({ stopped }) => stopped === null)),
  };
}

/** Sets how often a library's folders are looked at again, and tells the machines that are there. Throws `not-found`. */
export async function changeSettings(env: Env, libraryId: number, { rescanMinutes }: LibrarySettings): Promise<void> {
  const roots = await rootsOf(env, libraryId);
  await saveRescan(env.DB, libraryId, rescanMinutes);
  await tellRescan(env, new Set(roots.map(({ agent }) => agent.id)));
}

/** Tells machines how often their folders are looked at again. */
export async function tellRescan(env: Env, agentIds: Iterable<string>): Promise<void> {
  // Who is away is told with the welcome.
  await Promise.allSettled(
    [...agentIds].map(async (id) => {
      const settings = { rescanMinutes: await rescanOf(env, id) };
      await callAgent(env, id, 'library.settings', settings, SCAN_DEADLINE_MS);
    }),
  );
}

/** How often each root of an agent is looked at again, where its library or else the deployment says so. */
export async function rescanOf(env: Pick<Env, 'DB' | 'SERVER_NAME'>, agentId: string): Promise<RescanByRoot> {
  const [rows, { rescanMinutes }] = await Promise.all([rescanOfAgent(env.DB, agentId), readSettings(env)]);
  const said = rows.map(({ root, minutes }) => [root, minutes ?? rescanMinutes] as const);
  return Object.fromEntries(said.filter((one): one is [string, number] => one[1] !== null));
}

async function rootsOf(env: Env, libraryId: number | null): Promise<LibraryRootRow[]> {
  if (libraryId !== null && !(await libraryExists(env, libraryId))) throw new HearthcastError('not-found');
  // Of folders in no library nothing would be taken.
  return (await listRoots(env, libraryId)).filter((root) => root.libraryId > 0);
}

/** The name of the run that will do it; `unnamed` where the agent names none, null where it was not told. */
async function tellToScan(
  env: Env,
  { id, agent }: { id: string; agent: { id: string } },
  request: ScanRequest,
): Promise<string | null> {
  const { full, trigger } = request;
  const answer = await callAgent(env, agent.id, 'library.scan', { root: id, full, trigger }, SCAN_DEADLINE_MS);
  return answer.ok ? (answer.answer.runs?.[id] ?? 'unnamed') : null;
}

const machines = (answers: readonly { root: LibraryRootRow }[]) =>
  new Set(answers.map(({ root }) => root.agent.id)).size;

function runOf(row: RunRow): ScanRun {
  const { id, libraryId, libraryName, root, rootName, agentId, agentName, full, ...rest } = row;
  return {
    ...rest,
    id: String(id),
    full: full === 1,
    library: libraryId === null ? null : { id: String(libraryId), name: libraryName ?? '' },
    root: { id: root, name: rootName ?? root },
    agent: { id: agentId, name: agentName ?? agentId },
  };
}
