import type { CreatedScanHook, CreateScanHook, ScanHook } from '../../shared/api/scans.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { libraryExists } from '../db/libraries.ts';
import { deleteHook, hookOf, insertHook, listHooks, noteHookUse } from '../db/scan-hooks.ts';
import type { Env } from '../env.ts';
import { toBase64Url } from '../identity/sealed.ts';
import { idOf } from './cursors.ts';
import { startScan } from './scan-runs.ts';

/** More than any household's programs. */
const MAX_HOOKS = 50;

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export async function showHooks(env: Env): Promise<ScanHook[]> {
  return (await listHooks(env.DB)).map(hookShown);
}

/** Makes an address; its path is in this answer and nowhere else. Throws `not-found`, `conflict` for too many. */
export async function createHook(env: Env, request: CreateScanHook, now: number): Promise<CreatedScanHook> {
  const libraryId = request.libraryId === null ? null : idOf(request.libraryId);
  if (libraryId !== null && !(await libraryExists(env, libraryId))) throw new HearthcastError('not-found');
  const token = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const hook = { hash: await hashOf(token), name: request.name, libraryId, now };
  const id = await insertHook(env.DB, hook, MAX_HOOKS);
  if (id === null) throw new HearthcastError('conflict', `There are ${MAX_HOOKS} webhooks. Revoke one first.`);
  const made = (await showHooks(env)).find((one) => one.id === String(id));
  if (!made) throw new HearthcastError('internal');
  return { ...made, path: `/api/v1/hooks/scan/${token}` };
}

/** Ends an address; answers its name. Throws `not-found`. */
export async function revokeHook(env: Env, id: string): Promise<string> {
  const name = await deleteHook(env.DB, idOf(id));
  if (name === null) throw new HearthcastError('not-found');
  return name;
}

/** The hash by which an address is found: 256 random bits need no slower one. Null for what cannot be a token. */
export async function hookTokenHash(token: string): Promise<string | null> {
  return TOKEN.test(token) ? hashOf(token) : null;
}

/** Does what an address is for. Throws `not-found` for one that there is not (any more). */
export async function useHook(
  env: Env,
  hash: string | null,
  full: boolean,
  now: number,
): Promise<{ started: number; offline: number }> {
  const hook = hash === null ? null : await hookOf(env.DB, hash);
  if (!hook) throw new HearthcastError('not-found');
  await noteHookUse(env.DB, hook.id, now);
  return startScan(env, hook.libraryId, { full, trigger: 'webhook', askedBy: hook.name }, now);
}

async function hashOf(token: string): Promise<string> {
  const bytes = new TextEncoder().encode(`hearthcast:scan-hook:${token}`);
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

function hookShown({
  id,
  name,
  libraryId,
  libraryName,
  createdAt,
  lastUsedAt,
}: Awaited<ReturnType<typeof listHooks>>[number]): ScanHook {
  const library = libraryId === null ? null : { id: String(libraryId), name: libraryName ?? '' };
  return { id: String(id), name, library, createdAt, lastUsedAt };
}
