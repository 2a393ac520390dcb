import { HearthcastError } from '../../shared/errors.ts';
import type { CallAnswer, CallMethod, CallParams } from '../../shared/protocol/calls.ts';
import { RootId } from '../../shared/protocol/names.ts';
import { listAgents } from '../db/agents.ts';
import { markRootRemoved } from '../db/roots.ts';
import type { Env } from '../env.ts';
import { callAgent } from '../link/calls.ts';
import { publishEvent } from '../objects/event-publisher.ts';

/** Looking into a folder of a disk that sleeps; and a change of the folders, which waits for a scan to stop. */
const LOOK_MS = 15_000;
const CHANGE_MS = 30_000;

/** A release has two megabytes; the machine's line may be slow. */
const UPDATE_MS = 10 * 60_000;

/** What is in a folder of a machine. Throws `not-found`, `forbidden`, `agent-offline` and the agent's own refusals. */
export function showFolders(
  env: Env,
  agentId: string,
  params: CallParams<'library.browse'>,
): Promise<CallAnswer<'library.browse'>> {
  return ask(env, agentId, 'library.browse', params, LOOK_MS);
}

/** Shares a folder of a machine; the machine tells of its new root by itself. Throws as `showFolders`, and `conflict`. */
export function addRoot(env: Env, agentId: string, params: CallParams<'roots.add'>): Promise<CallAnswer<'roots.add'>> {
  return ask(env, agentId, 'roots.add', params, CHANGE_MS);
}

/** Shares a folder no more. Throws as `addRoot`. */
export async function removeRoot(env: Env, agentId: string, root: string): Promise<void> {
  if (!RootId.safeParse(root).success) throw new HearthcastError('not-found');
  await ask(env, agentId, 'roots.remove', { root }, CHANGE_MS);
  await markRootRemoved(env.DB, agentId, root);
  await publishEvent(env, { topic: 'metadata.updated', libraryIds: [] }, { users: 'all' });
}

/** Lets a machine take the agent that this deployment offers. Throws `conflict` with the machine's reason. */
export function updateAgent(env: Env, agentId: string): Promise<CallAnswer<'agent.update'>> {
  return ask(env, agentId, 'agent.update', {}, UPDATE_MS);
}

async function ask<M extends CallMethod>(
  env: Env,
  agentId: string,
  method: M,
  params: CallParams<M>,
  deadlineMs: number,
): Promise<CallAnswer<M>> {
  // An object is made for whatever name is asked for: only those of this deployment are.
  const known = (await listAgents(env)).some(({ id }) => id === agentId);
  if (!known) throw new HearthcastError('not-found', 'There is no such machine.');
  const result = await callAgent(env, agentId, method, params, deadlineMs);
  if (result.ok) return result.answer;
  if (result.code === 'bad-request')
    throw new HearthcastError('conflict', 'Update this machine first: its agent does not know how.');
  throw new HearthcastError(result.code, result.detail);
}
