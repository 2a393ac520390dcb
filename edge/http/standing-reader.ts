import type { Context } from 'hono';
import { readStanding } from '../db/standing.ts';
import type { Reader } from '../identity/standing.ts';
import type { AppEnv } from './context.ts';

/** How this request reads who may come in; those who wait on its read are not left alone when its client leaves. */
export function readerOf(c: Context<AppEnv>): Reader {
  return {
    read: (since, limit) => readStanding(c.env, since, limit),
    keepAlive: (reading) => c.executionCtx.waitUntil(reading),
  };
}
