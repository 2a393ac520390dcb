import type { Context } from 'hono';
import { z } from 'zod';
import { macKey } from '../identity/keys.ts';
import { randomId, seal, toBase64Url, unseal } from '../identity/sealed.ts';
import type { AppEnv } from './context.ts';
import { deviceCookie, setDeviceCookie } from './cookies.ts';

/** Above this no word of ours is. */
const MAX_WORD = 300;

/** The mark of a name, and an id of the browser's own. */
const Payload = z.tuple([z.string(), z.string()]);

/**
 * Leaves a mark in a browser in which somebody has signed in. It outlives the sign-in and lets nobody in: who has it is
 * counted by themselves when they try to sign in again, so that strangers who guess at a name lock nobody out.
 */
export async function rememberDevice(c: Context<AppEnv>, name: string): Promise<void> {
  if ((await knownDevice(c, name)) !== null) return;
  const payload: z.infer<typeof Payload> = [await markOf(name), randomId('dev_')];
  setDeviceCookie(c, await seal(await macKey(c.env, 'known-device'), JSON.stringify(payload)));
}

/** The id of a browser in which the person of a name has signed in before; null for any other. */
export async function knownDevice(c: Context<AppEnv>, name: string): Promise<string | null> {
  const word = deviceCookie(c);
  if (word === undefined || word.length > MAX_WORD) return null;
  const text = await unseal(await macKey(c.env, 'known-device'), word);
  if (text === null) return null;
  const [mark, device] = Payload.parse(JSON.parse(text));
  return mark === (await markOf(name)) ? device : null;
}

/** No name lies in a cookie: others may use the browser. */
async function markOf(name: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(name.trim().toLowerCase()));
  return toBase64Url(new Uint8Array(digest).subarray(0, 12));
}
