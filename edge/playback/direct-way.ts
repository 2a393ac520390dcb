import type { DirectWay } from '../../shared/api/playback.ts';
import type { Env } from '../env.ts';
import { directPath } from './direct-tickets.ts';

/** What a session's viewer is told of the machine that serves it. */
interface Served {
  session: string;
  agentId: string;
  generation: number;
  expiresAt: number;
  /** Of the page that plays. */
  origin: string;
}

/**
 * How a session's viewer may come to its machine past the edge; null where the machine has no such way now, and where
 * it cannot be asked: the film plays in any case. The tickets are of this owner and generation alone.
 */
export async function directWayOf(
  env: Pick<Env, 'AGENT_LINK' | 'HEARTHCAST_SECRET'>,
  { session, agentId, generation, expiresAt, origin }: Served,
): Promise<DirectWay | null> {
  try {
    const way = await env.AGENT_LINK.getByName(agentId).direct();
    if (!way?.allowed || !way.online || way.addresses.length === 0) return null;
    const ticket = { agent: agentId, session, generation, origin, expiresAt };
    const [probe, media] = await Promise.all([
      directPath(env, { ...ticket, purpose: 'probe' }),
      directPath(env, { ...ticket, purpose: 'media' }),
    ]);
    return { agentId, publicKey: way.publicKey, addresses: way.addresses, probe, media };
  } catch (error) {
    console.warn('the direct way was not found out', String(error));
    return null;
  }
}
