import type { Context } from 'hono';
import { networkOf } from '../playback/network.ts';
import type { AppEnv } from './context.ts';

/** Longer is no address. */
const MAX_LENGTH = 45;

/** Where a request comes from, as the platform says it; `local` where it says nothing. */
export function addressOf(c: Context<AppEnv>): string {
  return (c.req.header('cf-connecting-ip') ?? 'local').slice(0, MAX_LENGTH);
}

/** What a household has one of, for counting what comes from it. */
export function householdOf(c: Context<AppEnv>): string {
  const address = addressOf(c);
  return networkOf(address) ?? address;
}
