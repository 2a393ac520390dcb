import type { PlayAnswer, PlayRequest } from '../../shared/api/playback.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { listMachines } from '../db/agents.ts';
import { type CopyRow, copiesOfItem } from '../db/copies.ts';
import { itemById } from '../db/items.ts';
import { userDataOf } from '../db/user-items.ts';
import type { Env } from '../env.ts';
import type { Principal } from '../identity/principal.ts';
import { mayKeep } from '../identity/roles.ts';
import { randomId } from '../identity/sealed.ts';
import { limitsOf } from '../identity/viewing-limits.ts';
import { candidatesFor } from './candidates.ts';
import { directWayOf } from './direct-way.ts';
import { Replacement } from './replacement.ts';
import type { Refusal, SessionStart, Started } from './session-record.ts';
import { roomsOf } from './site-room.ts';
import { standingOf } from './standing.ts';
import { StreamPlace } from './stream-place.ts';
import { sealTicket, TICKET_LIFETIME_MS } from './tickets.ts';
import { Waiting } from './waiting.ts';

/** When a play was asked for, and from where; the network is null where it is not known. */
export interface Asked {
  now: number;
  network: string | null;
  /** Of the page that asks, for the direct way. */
  origin: string;
}

/** What is played; `asItIs` is a file that is to be kept (`startDownload`). */
export type Wish = PlayRequest & { asItIs?: true };

/**
 * Begins to play an item for a user: decides, places, opens a session, and answers the addresses of its media. Throws
 * `not-found`, `bad-request`, `not-playable`, `capacity-full` with a place in the queue, `stream-limit`, and what
 * agents refuse with.
 */
export async function startPlayback(
  env: Env,
  principal: Principal,
  itemId: number,
  request: Wish,
  asked: Asked,
): Promise<PlayAnswer> {
  const [item, copies, machines, standing, userData, limits, replacement] = await Promise.all([
    itemById(env, itemId),
    copiesOfItem(env, itemId),
    listMachines(env),
    standingOf(env),
    userDataOf(env, principal.userId, [itemId]),
    limitsOf(env, principal.accountId),
    Replacement.of(env, principal.userId, request),
  ]);
  if (!item) throw new HearthcastError('not-found', 'There is no such item.');
  if (item.kind === 'series' || item.kind === 'season') {
    throw new HearthcastError('bad-request', `A ${item.kind} is not played as a whole: choose an episode.`);
  }
  const lines = new Map(copies.map(({ siteId, siteUplinkKbps: kbps }) => [siteId, kbps === null ? null : kbps * 1000]));
  const rooms = roomsOf(lines, machines, standing.agents, standing.sending);
  const remoteLimit = limits.maxRemoteKbps === null ? null : limits.maxRemoteKbps * 1000;
  const conditions = { agents: standing.agents, network: asked.network, remoteLimit, rooms, machines, copies };
  const { wanted, twins, others } = chosen(copies, request.copyId);
  if (wanted.length === 0) throw new HearthcastError('not-found', 'The item has no such file any more.');
  const { candidates, obstacles } = candidatesFor(wanted, request, conditions);
  candidates.push(...candidatesFor(twins, request, conditions).candidates);
  if (candidates.length === 0) {
    const detail = obstacles.map((obstacle) => obstacle.detail).join(' ');
    const busy = obstacles.some(({ code }) => code === 'capacity-full');
    throw new HearthcastError(busy ? 'capacity-full' : 'not-playable', detail);
  }

  const waiting = new Waiting(env, { principal, itemId }, candidates);
  // Who goes on elsewhere gives a slot back for the one that it takes.
  if (!replacement) await waiting.admit();

  const continued = replacement?.itemId === itemId ? replacement.positionMs : undefined;
  const resumeMs = continued ?? userData.get(itemId)?.positionMs ?? 0;
  // Whole seconds, as the ticket has it.
  const expiresAt = Math.floor((asked.now + TICKET_LIFETIME_MS) / 1000) * 1000;
  const mediaOf = (copyId: number | undefined) => copies.find((copy) => copy.id === copyId)?.media;
  const about = {
    userId: principal.userId,
    accountId: principal.accountId,
    userName: principal.name,
    authSessionId: principal.authSessionId,
    itemId,
    title: item.title,
    device: request.profile.name,
    durationMs: mediaOf(candidates[0]?.copyId)?.durationMs ?? 0,
    expiresAt,
    startMs: request.startMs ?? resumeMs,
    mayKeep: mayKeep(principal),
    keeps: request.asItIs === true,
    candidates,
    alternatives: candidatesFor(others, request, conditions)
      .candidates.filter(({ source }) => !source)
      .map(({ agentId, agentName, fingerprint }) => ({ agentId, agentName, fingerprint })),
  };
  const place = new StreamPlace(env, principal.accountId, limits.maxStreams, replacement?.session ?? null);
  let { id, started } = await begin(env, about, place);
  if (replacement && !started.ok && started.code === 'capacity-full') {
    await replacement.end(request.profile.name);
    ({ id, started } = await begin(env, about, place));
  }
  if (!started.ok) {
    if (started.code === 'capacity-full') return waiting.refused(started.detail);
    throw new HearthcastError(started.code, started.detail);
  }
  await Promise.all([waiting.admitted(), replacement?.end(request.profile.name)]);
  const media = mediaOf(started.copyId);
  const { agentId, generation } = started;
  const [ticket, direct] = await Promise.all([
    ticketFor(env, principal, { sessionId: id, itemId, expiresAt }, started),
    directWayOf(env, { session: id, agentId, generation, expiresAt, origin: asked.origin }),
  ]);
  return {
    sessionId: id,
    copyId: String(started.copyId),
    plan: started.plan,
    ...addressOf(ticket, started),
    subtitleUrls: started.plan.subtitles.map(({ stream }) => `/stream/${ticket}/subtitles/${stream}.vtt`),
    trickplayUrl: media?.video.length ? `/stream/${ticket}/trickplay/trickplay.vtt` : null,
    direct,
    durationMs: media?.durationMs ?? 0,
    resumeMs,
    expiresAt,
  };
}

/** Opens a session under a new name, within what its person may watch at once. */
async function begin(
  env: Env,
  about: Omit<SessionStart, 'id'>,
  place: StreamPlace,
): Promise<{ id: string; started: Started | Refusal }> {
  const id = randomId('ses_');
  await place.take(id);
  const started = await env.PLAYBACK_SESSION.getByName(id).start({ id, ...about });
  if (!started.ok) await place.giveBack(id);
  return { id, started };
}

/** The copies that are asked for, those with the same bytes as the one that was chosen, and all others. */
function chosen(
  copies: readonly CopyRow[],
  copyId: string | undefined,
): Record<'wanted' | 'twins' | 'others', CopyRow[]> {
  if (copyId === undefined) return { wanted: [...copies], twins: [], others: [] };
  const wanted = copies.filter((copy) => String(copy.id) === copyId);
  const rest = copies.filter((copy) => !wanted.includes(copy));
  const isTwin = (copy: CopyRow) => copy.fingerprint === wanted[0]?.fingerprint;
  return { wanted, twins: rest.filter(isTwin), others: rest.filter((copy) => !isTwin(copy)) };
}

function ticketFor(
  env: Env,
  principal: Principal,
  about: { sessionId: string; itemId: number; expiresAt: number },
  started: Started,
): Promise<string> {
  return sealTicket(env, {
    session: about.sessionId,
    agent: started.agentId,
    generation: started.generation,
    userId: principal.userId,
    itemId: about.itemId,
    copyId: started.copyId,
    authSessionId: principal.authSessionId,
    expiresAt: about.expiresAt,
    fingerprint: started.fingerprint,
    file: started.plan.mode === 'direct' ? started.file : null,
  });
}

function addressOf(ticket: string, started: Started): Pick<PlayAnswer, 'delivery' | 'url' | 'contentType'> {
  return started.plan.mode === 'direct'
    ? { delivery: 'file', url: `/stream/${ticket}/file`, contentType: started.file.contentType }
    : { delivery: 'hls', url: `/stream/${ticket}/master.m3u8`, contentType: 'application/vnd.apple.mpegurl' };
}
