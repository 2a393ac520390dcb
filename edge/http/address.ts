import type { Context } from 'hono';
import { networkOf } from '../playback/network.ts';
import type { AppEnv } from './context.ts';

/** Longer is no address. */
const MAX_LENGTH = 45;

/**
 * Where a request comes from, as the platform says it; `local` where it says nothing, and where nothing stands before
 * the Worker that would take away what a client wrote there itself.
 */
export function addressOf(c: Context<AppEnv>): string {
  if (c.env.ADDRESSES === 'unproven') return 'local';
  return (c.req.header('cf-connecting-ip') ?? 'local').slice(0, MAX_LENGTH);
}

/** What a household has one of, for counting what comes from it. */
export function householdOf(c: Context<AppEnv>): string {
  const address = addressOf(c);
  return networkOf(address) ?? address;
}
