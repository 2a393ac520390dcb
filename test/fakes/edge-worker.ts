import { Hono } from 'hono';
import type { AppEnv } from '../../edge/http/context.ts';
import { agentRoutes } from '../../edge/http/routes/agent.ts';
import { callAgent } from '../../edge/link/calls.ts';
import { orderBytes } from '../../edge/link/orders.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { CallMethod } from '../../shared/protocol/calls.ts';
import { ByteRange, Resource } from '../../shared/protocol/resources.ts';

export { AgentLink } from '../../edge/objects/agent-link.ts';
export { EventHub } from '../../edge/objects/event-hub.ts';
export { Fleet } from '../../edge/objects/fleet.ts';
export { PlaybackSession } from '../../edge/objects/playback-session.ts';

/** The edge with the agents' routes and, in place of players and tickets, a plain way to ask an agent. */
const app = new Hono<AppEnv>();
app.onError((error) => {
  if (error instanceof HearthcastError) return Response.json(error.toProblem(), { status: error.status });
  return new Response(String(error), { status: 500 });
});
app.route('/', agentRoutes());

app.get('/viewer/:agentId/bytes', (c) => {
  const order = {
    session: c.req.query('session') ?? null,
    generation: Number(c.req.query('generation') ?? '0'),
    resource: Resource.parse(JSON.parse(c.req.query('resource') ?? '{"kind":"file"}')),
    range: rangeOf(c.req.query('range'), c.req.header('range')),
  };
  return orderBytes(c.env, c.req.param('agentId'), order, c.req.raw.signal);
});

/** As JSON in the query, or in the header as players ask. */
function rangeOf(query: string | undefined, header: string | undefined): ByteRange | null {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(header ?? '') ?? [];
  if (start && end) return { start: Number(start), end: Number(end) };
  return ByteRange.nullable().parse(JSON.parse(query ?? 'null'));
}

app.post('/viewer/:agentId/call', async (c) => {
  const { method, params, deadlineMs } = await c.req.json<{ method: CallMethod; params: never; deadlineMs: number }>();
  return c.json(await callAgent(c.env, c.req.param('agentId'), method, params, deadlineMs));
});

app.get('/viewer/:agentId/metrics', async (c) => {
  return c.json(await c.env.AGENT_LINK.getByName(c.req.param('agentId')).metrics());
});

app.delete('/viewer/:agentId', async (c) => {
  await c.env.AGENT_LINK.getByName(c.req.param('agentId')).remove();
  return c.body(null, 204);
});

// biome-ignore lint/style/noDefaultExport: the form of a Worker.
export default { fetch: app.fetch };
