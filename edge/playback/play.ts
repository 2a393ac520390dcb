import type { PlayAnswer, PlayRequest } from '../../shared/api/playback.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { copiesOfItem } from '../db/copies.ts';
import { itemById } from '../db/items.ts';
import { userDataOf } from '../db/user-items.ts';
import type { Env } from '../env.ts';
import type { Principal } from '../identity/principal.ts';
import { randomId } from '../identity/sealed.ts';
import { candidatesFor } from './candidates.ts';
import { FLEET_NAME } from './fleet-name.ts';
import type { Started } from './session-record.ts';
import { sealTicket, TICKET_LIFETIME_MS } from './tickets.ts';
import { Waiting } from './waiting.ts';

/** Begins to play an item for a user: decides, places, opens a session, and answers the addresses of its media. */
export async function startPlayback(
  env: Env,
  principal: Principal,
  itemId: number,
  request: PlayRequest,
  now: number,
  network: string | null = null,
): Promise<PlayAnswer> {
  const [item, copies, agents, userData] = await Promise.all([
    itemById(env, itemId),
    copiesOfItem(env, itemId),
    env.FLEET.getByName(FLEET_NAME).agents(),
    userDataOf(env, principal.userId, [itemId]),
  ]);
  if (!item) throw new HearthcastError('not-found', 'There is no such item.');
  if (item.kind === 'series' || item.kind === 'season') {
    throw new HearthcastError('bad-request', `A ${item.kind} is not played as a whole: choose an episode.`);
  }
  const wanted = copies.filter((copy) => request.copyId === undefined || String(copy.id) === request.copyId);
  if (wanted.length === 0) throw new HearthcastError('not-found', 'The item has no such file any more.');
  const { candidates, obstacles } = candidatesFor(wanted, request, agents, network);
  if (candidates.length === 0) throw new HearthcastError('not-playable', obstacles.join(' '));

  const waiting = new Waiting(env, `${principal.authSessionId}/${itemId}`, candidates);
  await waiting.admit();

  const sessionId = randomId('ses_');
  // Whole seconds, as the ticket has it.
  const expiresAt = Math.floor((now + TICKET_LIFETIME_MS) / 1000) * 1000;
  const mediaOf = (copyId: number | undefined) => wanted.find((copy) => copy.id === copyId)?.media;
  const started = await env.PLAYBACK_SESSION.getByName(sessionId).start({
    id: sessionId,
    userId: principal.userId,
    userName: principal.name,
    authSessionId: principal.authSessionId,
    itemId,
    title: item.title,
    durationMs: mediaOf(candidates[0]?.copyId)?.durationMs ?? 0,
    expiresAt,
    startMs: request.startMs ?? userData.get(itemId)?.positionMs ?? 0,
    candidates,
  });
  if (!started.ok) {
    if (started.code === 'capacity-full') return waiting.refused(started.detail);
    throw new HearthcastError(started.code, started.detail);
  }
  await waiting.admitted();
  const media = mediaOf(started.copyId);
  const ticket = await ticketFor(env, principal, { sessionId, itemId, expiresAt }, started);
  return {
    sessionId,
    copyId: String(started.copyId),
    plan: started.plan,
    ...addressOf(ticket, started),
    subtitleUrls: started.plan.subtitles.map(({ stream }) => `/stream/${ticket}/subtitles/${stream}.vtt`),
    trickplayUrl: media?.video.length ? `/stream/${ticket}/trickplay/trickplay.vtt` : null,
    durationMs: media?.durationMs ?? 0,
    resumeMs: userData.get(itemId)?.positionMs ?? 0,
    expiresAt,
  };
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
