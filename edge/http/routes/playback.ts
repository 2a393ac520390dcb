import { type Context, Hono } from 'hono';
import { BOOKMARK_HEADER } from '../../../shared/api/bookmark.ts';
import {
  type ActiveSession,
  DownloadRequest,
  EndSession,
  PlayRequest,
  ProgressRequest,
  StopRequest,
} from '../../../shared/api/playback.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { SessionId } from '../../../shared/protocol/names.ts';
import { visibleItem } from '../../catalog/scope.ts';
import type { AgentState } from '../../playback/agent-state.ts';
import { isDirectNow } from '../../playback/direct-service.ts';
import { directWayOf } from '../../playback/direct-way.ts';
import { startDownload } from '../../playback/download.ts';
import { FLEET_NAME } from '../../playback/fleet-name.ts';
import { networkOf } from '../../playback/network.ts';
import { ownSessions } from '../../playback/own-sessions.ts';
import { startPlayback } from '../../playback/play.ts';
import type { Kept, Refusal, SessionSummary } from '../../playback/session-record.ts';
import type { AppEnv } from '../context.ts';
import { record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';
import { callerOrigin } from '../same-origin.ts';

/** Playing: the decision and its session, where the viewer is, the end; and who watches what, for admins. */
export function playbackRoutes(now: () => number = Date.now): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.post('/items/:id/play', async (c) => {
    const request = await parseJson(c, PlayRequest);
    const itemId = itemIdOf(c.req.param('id'));
    if (!(await visibleItem(c.env, c.var.principal, itemId))) throw unknownItem();
    const network = networkOf(c.req.header('cf-connecting-ip'));
    const asked = { now: now(), network, origin: callerOrigin(c.req.raw) };
    return c.json(await startPlayback(c.env, c.var.principal, itemId, request, asked));
  });

  routes.post('/items/:id/download', async (c) => {
    const request = await parseJson(c, DownloadRequest);
    const itemId = itemIdOf(c.req.param('id'));
    if (!(await visibleItem(c.env, c.var.principal, itemId))) throw unknownItem();
    const network = networkOf(c.req.header('cf-connecting-ip'));
    const asked = { now: now(), network, origin: callerOrigin(c.req.raw) };
    const { answer, title } = await startDownload(c.env, c.var.principal, itemId, request, asked);
    await record(c, { now }, 'title.downloaded', title);
    return c.json(answer);
  });

  routes.get('/users/me/playing', async (c) => {
    const mine = await ownSessions(c.env, c.var.principal.userId);
    const visible = await Promise.all(mine.map(({ itemId }) => visibleItem(c.env, c.var.principal, Number(itemId))));
    return c.json({ items: mine.filter((_, i) => visible[i]) });
  });

  routes.post('/sessions/:id/progress', async (c) => {
    const report = await parseJson(c, ProgressRequest);
    const session = c.env.PLAYBACK_SESSION.getByName(sessionIdOf(c.req.param('id')));
    return kept(c, await session.progress(c.var.principal.userId, report));
  });

  routes.post('/sessions/:id/stop', async (c) => {
    const { positionMs } = await parseJson(c, StopRequest);
    const session = c.env.PLAYBACK_SESSION.getByName(sessionIdOf(c.req.param('id')));
    return kept(c, await session.stop(c.var.principal.userId, positionMs));
  });

  routes.post('/sessions/:id/direct', async (c) => {
    const session = sessionIdOf(c.req.param('id'));
    const owner = await c.env.PLAYBACK_SESSION.getByName(session).servedBy(c.var.principal.userId);
    const origin = callerOrigin(c.req.raw);
    return c.json({ direct: owner && (await directWayOf(c.env, { session, ...owner, origin })) });
  });

  routes.post('/sessions/:id/end', async (c) => {
    const { message } = await parseJson(c, EndSession);
    const farewell = message || `${c.var.principal.name} has stopped this.`;
    await c.env.PLAYBACK_SESSION.getByName(sessionIdOf(c.req.param('id'))).revoke(farewell);
    return c.body(null, 204);
  });

  routes.get('/sessions', async (c) => {
    const fleet = c.env.FLEET.getByName(FLEET_NAME);
    const [sessions, agents] = await Promise.all([fleet.sessions(), fleet.agents()]);
    const known = new Map(agents.map((agent) => [agent.agentId, agent]));
    return c.json({ items: sessions.map((session) => shown(session, known.get(session.agentId), now())) });
  });

  return routes;
}

function shown(session: SessionSummary, agent: AgentState | undefined, now: number): ActiveSession {
  const { id, title, mode, reasons, bitrate, because, state, moves, positionMs, startedAt } = session;
  const { device = '', remote = false, keeps = false, shown: told = null, served = null } = session;
  const direct = isDirectNow(served, now) ? { address: served?.address ?? null } : null;
  const { sessions = 0, slotsUsed = 0, slotsTotal = 0 } = agent ?? {};
  return {
    ...{ device, remote, keeps, shown: told, direct },
    ...{ id, title, mode, reasons, bitrate, because, state, moves, positionMs, startedAt },
    user: session.userName,
    itemId: String(session.itemId),
    agent: session.agentName,
    readsFrom: session.source?.agentName ?? null,
    load: { sessions, slotsUsed, slotsTotal },
  };
}

/** The session writes for itself: what it wrote is in the pages that are asked for next. */
function kept(c: Context<AppEnv>, outcome: Kept | Refusal): Response {
  if (!outcome.ok) throw new HearthcastError(outcome.code, outcome.detail);
  if (outcome.bookmark !== null) c.header(BOOKMARK_HEADER, outcome.bookmark);
  return c.body(null, 204);
}

/** Only a name that we would have made reaches an object: anything else would make one for each guess. */
function sessionIdOf(text: string): string {
  if (!SessionId.safeParse(text).success) throw new HearthcastError('not-found', 'There is no such session.');
  return text;
}

function itemIdOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw unknownItem();
  return Number(text);
}

/** What a person may not see is not there for them. */
const unknownItem = () => new HearthcastError('not-found', 'There is no such item.');
