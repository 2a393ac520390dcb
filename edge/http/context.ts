import type { Env } from '../env.ts';
import type { Principal } from '../identity/principal.ts';

export type { Principal } from '../identity/principal.ts';

/** Hono's environment in every route. `principal` is set wherever the policy asks for a role, and nowhere else. */
export type AppEnv = { Bindings: Env; Variables: { principal: Principal; requestId: string } };
