import { and, asc, eq, isNull } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Capabilities } from '../../shared/protocol/capabilities.ts';
import type { Bindings } from '../bindings.ts';
import { agent, site } from './schema.ts';

export interface AgentRow {
  id: string;
  name: string;
  site: { id: number; name: string };
  version: string | null;
  capabilities: Capabilities | null;
  lastSeenAt: number | null;
}

/** An agent was here just now; with what it said of itself, where it said something. */
export async function noteAgentSeen(
  env: Pick<Bindings, 'DB'>,
  agentId: string,
  said: { version: string; capabilities: Capabilities } | null,
  now: number,
): Promise<void> {
  await drizzle(env.DB)
    .update(agent)
    .set({ lastSeenAt: now, ...said })
    .where(eq(agent.id, agentId));
}

/** What was enrolled, and what was said of it since; null for no agent, or one that was removed. */
export async function enrolledAgent(
  env: Pick<Bindings, 'DB'>,
  agentId: string,
): Promise<{ publicKey: string; directAllowed: boolean } | null> {
  const row = await drizzle(env.DB)
    .select({ publicKey: agent.publicKey, directOff: agent.directOff })
    .from(agent)
    .where(and(eq(agent.id, agentId), isNull(agent.removedAt)))
    .get();
  return row ? { publicKey: row.publicKey, directAllowed: row.directOff !== 1 } : null;
}

export async function noteDirectAllowed(env: Pick<Bindings, 'DB'>, agentId: string, allowed: boolean): Promise<void> {
  await drizzle(env.DB)
    .update(agent)
    .set({ directOff: allowed ? null : 1 })
    .where(eq(agent.id, agentId));
}

/** All agents but the removed ones, by site and name. */
export function listAgents(env: Pick<Bindings, 'DB'>): Promise<AgentRow[]> {
  return drizzle(env.DB)
    .select({
      id: agent.id,
      name: agent.name,
      site: { id: site.id, name: site.name },
      version: agent.version,
      capabilities: agent.capabilities,
      lastSeenAt: agent.lastSeenAt,
    })
    .from(agent)
    .innerJoin(site, eq(site.id, agent.siteId))
    .where(isNull(agent.removedAt))
    .orderBy(asc(site.name), asc(agent.name), asc(agent.id));
}

/** A machine as its last hello told of it. */
export interface MachineRow {
  agentId: string;
  agentName: string;
  siteId: number;
  /** The public half of its key, base64url. */
  publicKey: string;
  /** Whether it encodes films that lie on others. */
  borrows: boolean;
  /** Where others may read its files. */
  lendsAt: readonly string[];
  /** Folders of others that it has as folders of its own. */
  mapped: readonly { agent: string; root: string }[];
}

/** Machines of one deployment that placement looks at: far above any household. */
const MAX_MACHINES = 500;

/** What placement knows of every machine that is not removed, whether it has a copy or not. */
export async function listMachines(env: Pick<Bindings, 'DB'>): Promise<MachineRow[]> {
  const rows = await drizzle(env.DB)
    .select({
      agentId: agent.id,
      agentName: agent.name,
      siteId: agent.siteId,
      publicKey: agent.publicKey,
      capabilities: agent.capabilities,
    })
    .from(agent)
    .where(isNull(agent.removedAt))
    .orderBy(asc(agent.id))
    .limit(MAX_MACHINES);
  return rows.map(({ capabilities, ...machine }) => {
    const { borrows = false, lendsAt = [], mapped = [] } = capabilities ?? {};
    return { ...machine, borrows, lendsAt, mapped };
  });
}

/** What people call an agent; null where there is no such one. */
export async function nameOfAgent(env: Pick<Bindings, 'DB'>, agentId: string): Promise<string | null> {
  const [row] = await drizzle(env.DB).select({ name: agent.name }).from(agent).where(eq(agent.id, agentId));
  return row?.name ?? null;
}

/** An agent as the log names it, `attic (agt_…)`: two machines may have had one name. */
export async function agentInLog(env: Pick<Bindings, 'DB'>, agentId: string): Promise<string> {
  const name = await nameOfAgent(env, agentId);
  return name === null ? agentId : `${name} (${agentId})`;
}

/** Marks an agent as removed, so that its batches are refused from now on. False where there is no such agent. */
export async function markRemoved(env: Pick<Bindings, 'DB'>, agentId: string, now: number): Promise<boolean> {
  const { meta } = await drizzle(env.DB)
    .update(agent)
    .set({ removedAt: now })
    .where(and(eq(agent.id, agentId), isNull(agent.removedAt)));
  return meta.changes > 0;
}

/** Removed agents that still have roots: their removal was cut off. */
export async function halfRemovedAgents(env: Pick<Bindings, 'DB'>): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT a.id FROM agent a WHERE a.removed_at IS NOT NULL AND EXISTS (SELECT 1 FROM root r WHERE r.agent_id = a.id)`,
  ).all<{ id: string }>();
  return results.map((row) => row.id);
}
