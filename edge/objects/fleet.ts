import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';

/** One per deployment: what is known of every agent's presence and capacity. A hint, rebuilt from the agents. */
export class Fleet extends DurableObject<Env> {}
