import type { Agent, ChangeSite, Site } from '../../shared/api/fleet.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { AgentId } from '../../shared/protocol/names.ts';
import { type AgentRow, halfRemovedAgents, listAgents, markRemoved, noteDirectAllowed } from '../db/agents.ts';
import { forgetImages } from '../db/images.ts';
import { forgetRoots } from '../db/libraries.ts';
import { forgetRuns } from '../db/scan-runs.ts';
import { insertSite, listSites, type SiteRow, setUplink } from '../db/sites.ts';
import type { Env } from '../env.ts';
import { publishEvent } from '../objects/event-publisher.ts';
import { idOf } from './cursors.ts';
import { lendingOf } from './lending.ts';
import { loseAllFiles } from './lost-files.ts';
import { type Presence, presenceOfAgents } from './presence.ts';

export async function showSites(env: Env): Promise<Site[]> {
  return (await listSites(env)).map(siteOf);
}

/** Throws `conflict` where there is a site of this name. */
export async function createSite(env: Env, name: string, now: number): Promise<Site> {
  const site = await insertSite(env, name, now);
  if (!site) throw new HearthcastError('conflict', `There is a site “${name}” already.`);
  return siteOf(site);
}

/** Sets what viewers elsewhere may take of a site's line, all together. Throws `not-found`. */
export async function changeSite(env: Env, siteId: string, { uplinkKbps }: ChangeSite): Promise<Site> {
  const site = await setUplink(env, idOf(siteId), uplinkKbps);
  if (!site) throw new HearthcastError('not-found', 'There is no such site.');
  return siteOf(site);
}

/** What the first site is called where nobody has named one. */
const FIRST_SITE = 'Home';

/** The site that a new machine goes to: the one of this id, else the first, made where there is none. Throws `not-found`. */
export async function siteForEnrolment(env: Env, siteId: string | undefined, now: number): Promise<number> {
  const sites = await listSites(env);
  if (siteId === undefined) {
    const first = sites[0] ?? (await insertSite(env, FIRST_SITE, now)) ?? (await listSites(env))[0];
    if (!first) throw new HearthcastError('unavailable');
    return first.id;
  }
  const id = idOf(siteId);
  if (!sites.some((site) => site.id === id)) throw new HearthcastError('not-found', 'There is no such site.');
  return id;
}

export async function showAgents(env: Env): Promise<Agent[]> {
  const [agents, presence] = await Promise.all([listAgents(env), presenceOfAgents(env)]);
  const lending = lendingOf(agents);
  return Promise.all(
    agents.map(async (agent) => ({
      ...agentOf(agent, presence.get(agent.id), await linkOf(env, agent.id)),
      lendsTo: lending.get(agent.id) ?? [],
    })),
  );
}

type LinkFacts = Pick<Agent, 'direct'> & { uplink: number | null };

/** Facts beside the list: that they cannot be had must not hide the machines. */
async function linkOf(env: Env, agentId: string): Promise<LinkFacts> {
  const link = env.AGENT_LINK.getByName(agentId);
  try {
    const [{ uplink }, direct] = await Promise.all([link.metrics(), link.direct()]);
    if (!direct || direct.addresses.length === 0) return { uplink, direct: null };
    const { allowed, addresses } = direct;
    return { uplink, direct: { allowed, addresses } };
  } catch {
    return { uplink: null, direct: null };
  }
}

/** Lets viewers come to a machine directly, or not; bytes under way by that way are broken off. Throws `not-found`. */
export async function allowDirect(env: Env, agentId: string, allowed: boolean): Promise<void> {
  if (!(await listAgents(env)).some(({ id }) => id === agentId)) {
    throw new HearthcastError('not-found', 'There is no such machine.');
  }
  // For backups; the machine's link is what asks and is asked.
  await noteDirectAllowed(env, agentId, allowed);
  await env.AGENT_LINK.getByName(agentId).allowDirect(allowed);
}

/**
 * Takes a machine out of the deployment: its key is worth nothing from now on, and what it alone had is gone from
 * the catalog. What people did with it stays. Asking again goes on where it was cut off. Throws `not-found`.
 */
export async function removeAgent(env: Env, agentId: string, now: number): Promise<void> {
  if (!AgentId.safeParse(agentId).success) throw new HearthcastError('not-found');
  const removed = await markRemoved(env, agentId, now);
  if (!removed && !(await halfRemovedAgents(env)).includes(agentId)) throw new HearthcastError('not-found');
  await env.AGENT_LINK.getByName(agentId).remove();
  await forget(env, agentId, now);
}

/** Finishes removals that were cut off; for the clock. */
export async function finishRemovals(env: Env, now: number): Promise<void> {
  for (const agentId of await halfRemovedAgents(env)) await forget(env, agentId, now);
}

async function forget(env: Env, agentId: string, now: number): Promise<void> {
  const { libraryIds } = await loseAllFiles(env, agentId, now);
  await env.DB.batch([forgetImages(env.DB, agentId), forgetRuns(env.DB, agentId), forgetRoots(env.DB, agentId)]);
  await publishEvent(env, { topic: 'metadata.updated', libraryIds: libraryIds.map(String) }, { users: 'all' });
}

const siteOf = ({ id, name, uplinkKbps }: SiteRow): Site => ({ id: String(id), name, uplinkKbps });

function agentOf(row: AgentRow, presence: Presence | undefined, { uplink, direct }: LinkFacts): Omit<Agent, 'lendsTo'> {
  const known = presence?.online ? presence : null;
  return {
    id: row.id,
    name: row.name,
    site: { id: String(row.site.id), name: row.site.name },
    online: known !== null,
    version: row.version,
    lastSeenAt: row.lastSeenAt,
    platform: row.capabilities?.platform ?? null,
    videoEncoders: known?.videoEncoders ?? row.capabilities?.videoEncoders ?? [],
    slotsUsed: known?.slotsUsed ?? 0,
    draining: known?.draining ?? false,
    sessions: known?.sessions ?? 0,
    lendsNow: (known?.lending ?? []).map(({ agentName, sessions }) => ({ machine: agentName, sessions })),
    background: known?.background ?? [],
    slotsTotal: known?.slotsTotal ?? row.capabilities?.transcodeSlots ?? 0,
    uplinkBytesPerSecond: uplink,
    direct,
  };
}
