import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';

/** One per agent: authenticates and holds the control socket, calls and answers, presence, the meeting point of bytes. */
export class AgentLink extends DurableObject<Env> {}
