import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';

/** One per deployment: browsers' WebSockets, filtered by what each user may see. */
export class EventHub extends DurableObject<Env> {}
