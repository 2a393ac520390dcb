import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';

/** One per session: owner, generation, lease, hand-over, progress. */
export class PlaybackSession extends DurableObject<Env> {}
