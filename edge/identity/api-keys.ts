import type { ApiKey, CreateApiKey, CreatedApiKey } from '../../shared/api/api-keys.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import { type ApiKeyRow, apiKeysOf, endApiKey, insertApiKey } from '../db/api-keys.ts';
import { randomId, toBase64Url } from './sealed.ts';

/** A prefix that scanners of leaked secrets can be taught. */
const FORM = /^hck_[A-Za-z0-9_-]{43}$/;

/** Signs of a key that are shown later, to tell it from others. */
const SHOWN_SIGNS = 10;

/** Keys of one person: each is held in every isolate's memory. */
const MAX_KEYS = 25;

const DAY_MS = 24 * 60 * 60 * 1000;

/** True for what has the form of an API key. */
export function isApiKey(text: string): boolean {
  return FORM.test(text);
}

/** What the database keeps of a key: its SHA-256 in base64url. 256 random bits need no slower hash. */
export async function hashOfApiKey(key: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key))));
}

/** Makes a key for a person. The key is in this answer and nowhere else. Throws `conflict` for too many. */
export async function createApiKey(
  env: Pick<Bindings, 'DB'>,
  userId: number,
  request: CreateApiKey,
  now: number,
): Promise<CreatedApiKey> {
  const key = `hck_${toBase64Url(crypto.getRandomValues(new Uint8Array(32)))}`;
  const row: ApiKeyRow = {
    id: randomId('key_'),
    name: request.name,
    prefix: key.slice(0, SHOWN_SIGNS),
    scopes: JSON.stringify([...new Set(request.scopes)]),
    createdAt: now,
    expiresAt: request.expiresInDays === null ? null : now + request.expiresInDays * DAY_MS,
    lastUsedAt: null,
  };
  const made = await insertApiKey(env, { ...row, userId, hash: await hashOfApiKey(key) }, MAX_KEYS);
  if (!made) throw new HearthcastError('conflict', `You have ${MAX_KEYS} API keys. End one that you do not use.`);
  return { ...show(row), key };
}

/** A person's keys, the newest first. */
export async function showApiKeys(env: Pick<Bindings, 'DB'>, userId: number): Promise<ApiKey[]> {
  return (await apiKeysOf(env, userId)).map(show);
}

/** Ends a key of a person; answers its name. Throws `not-found`. */
export async function revokeApiKey(
  env: Pick<Bindings, 'DB'>,
  userId: number,
  id: string,
  now: number,
): Promise<string> {
  const name = await endApiKey(env, userId, id, now);
  if (name === null) throw new HearthcastError('not-found', 'You have no such API key.');
  return name;
}

function show(row: ApiKeyRow): ApiKey {
  return { ...row, scopes: JSON.parse(row.scopes) as ApiKey['scopes'] };
}
