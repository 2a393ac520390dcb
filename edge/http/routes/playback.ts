import { Hono } from 'hono';
import { type ActiveSession, PlayRequest, ProgressRequest, StopRequest } from '../../../shared/api/playback.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { SessionId } from '../../../shared/protocol/names.ts';
import { FLEET_NAME } from '../../playback/fleet-name.ts';
import { startPlayback } from '../../playback/play.ts';
import type { Refusal } from '../../playback/session-record.ts';
import type { AppEnv } from '../context.ts';
import { parseJson } from '../parse.ts';

/** Playing: the decision and its session, where the viewer is, the end; and who watches what, for admins. */
export function playbackRoutes(now: () => number = Date.now): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.post('/items/:id/play', async (c) => {
    const request = await parseJson(c, PlayRequest);
    return c.json(await startPlayback(c.env, c.var.principal, itemIdOf(c.req.param('id')), request, now()));
  });

  routes.post('/sessions/:id/progress', async (c) => {
    const { positionMs } = await parseJson(c, ProgressRequest);
    const session = c.env.PLAYBACK_SESSION.getByName(sessionIdOf(c.req.param('id')));
    refuse(await session.progress(c.var.principal.userId, positionMs));
    return c.body(null, 204);
  });

  routes.post('/sessions/:id/stop', async (c) => {
    const { positionMs } = await parseJson(c, StopRequest);
    const session = c.env.PLAYBACK_SESSION.getByName(sessionIdOf(c.req.param('id')));
    refuse(await session.stop(c.var.principal.userId, positionMs));
    return c.body(null, 204);
  });

  routes.get('/sessions', async (c) => {
    const sessions = await c.env.FLEET.getByName(FLEET_NAME).sessions();
    const items = sessions.map(
      ({ id, userName, itemId, title, agentName, mode, moves, positionMs, startedAt }): ActiveSession => ({
        id,
        user: userName,
        itemId: String(itemId),
        title,
        agent: agentName,
        mode,
        moves,
        positionMs,
        startedAt,
      }),
    );
    return c.json({ items });
  });

  return routes;
}

function refuse(outcome: { ok: true } | Refusal): void {
  if (!outcome.ok) throw new HearthcastError(outcome.code, outcome.detail);
}

/** Only a name that we would have made reaches an object: anything else would make one for each guess. */
function sessionIdOf(text: string): string {
  if (!SessionId.safeParse(text).success) throw new HearthcastError('not-found', 'There is no such session.');
  return text;
}

function itemIdOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new HearthcastError('not-found', 'There is no such item.');
  return Number(text);
}
