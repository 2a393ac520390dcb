import { type Scope, seesAll } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { macKey } from '../identity/keys.ts';
import { toBase64Url } from '../identity/sealed.ts';
import { scopeKey } from './scope.ts';

/** How long an address is given out; one of the time before is still good. */
const EPOCH_MS = 7 * 24 * 3_600_000;

/** 96 bits: guessing one takes more requests than there will ever be. */
const WORD_BYTES = 12;

type Secret = Pick<Env, 'HEARTHCAST_SECRET'>;

/**
 * The address of a picture. For a person who does not see everything it carries a MAC over the picture, what they
 * see, when something was hidden last, and the time: addresses are given out with visible titles alone, no other can
 * be made up, and what is hidden later takes its address with it.
 */
export async function imageAddress(env: Secret, scope: Scope, id: string, now: number): Promise<string> {
  const path = `/api/v1/images/${id}`;
  return seesAll(scope) ? path : `${path}?k=${await wordFor(env, scope, id, Math.floor(now / EPOCH_MS))}`;
}

/** Whether a person may have a picture at an address with this word. */
export async function admitsImage(
  env: Secret,
  scope: Scope,
  id: string,
  word: string | undefined,
  now: number,
): Promise<boolean> {
  if (seesAll(scope)) return true;
  if (word === undefined) return false;
  const epoch = Math.floor(now / EPOCH_MS);
  const good = await Promise.all([wordFor(env, scope, id, epoch), wordFor(env, scope, id, epoch - 1)]);
  return good.includes(word);
}

async function wordFor(env: Secret, scope: Scope, id: string, epoch: number): Promise<string> {
  const text = new TextEncoder().encode(`${id}/${scopeKey(scope)}/${scope.shownEpoch ?? 0}/${epoch}`);
  const mac = await crypto.subtle.sign('HMAC', await macKey(env, 'image'), text);
  return toBase64Url(new Uint8Array(mac).subarray(0, WORD_BYTES));
}
