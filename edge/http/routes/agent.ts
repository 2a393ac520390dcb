import { Hono } from 'hono';
import type { z } from 'zod';
import { HearthcastError } from '../../../shared/errors.ts';
import { DigestQuery, RangeQuery } from '../../../shared/protocol/digest.ts';
import { EnrolRequest, LEAVE_PATH } from '../../../shared/protocol/enrolment.ts';
import { SyncBatch } from '../../../shared/protocol/sync.ts';
import type { UplinkAnswer } from '../../../shared/protocol/uplink.ts';
import { digestOf, rangeOfDigest } from '../../catalog/digest.ts';
import { removeAgent } from '../../catalog/fleet.ts';
import { applyBatch, CursorMismatch } from '../../catalog/ingest.ts';
import { nameOfAgent } from '../../db/agents.ts';
import { enrolAgent } from '../../identity/enrolment.ts';
import { agentOf, bearerOf, claimedAgent } from '../../link/agent-token.ts';
import { makeNonce, NONCE_LIFE_MS } from '../../link/nonce.ts';
import { readStreamId } from '../../link/stream-id.ts';
import { countBytes } from '../../link/uplink.ts';
import type { AppEnv } from '../context.ts';
import { record } from '../identity-surroundings.ts';
import { arriving, parseJson } from '../parse.ts';
import { limitAttempts } from '../rate-limit.ts';

/** A slow line is measured too; slower than this it is of no use. */
const UPLINK_LIMIT_MS = 120_000;

/** What agents call: enrolment, the control socket, bytes and claims. Mounted at the origin's root. */
export function agentRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.post('/agent/v1/nonce', async (c) => {
    const nonce = await makeNonce(c.env, Date.now());
    return c.json({ nonce, expiresInS: NONCE_LIFE_MS / 1000 }, 200, { 'cache-control': 'no-store' });
  });

  routes.post('/agent/v1/enrol', async (c) => {
    const request = await parseJson(c, EnrolRequest);
    // A code has 39 bits: guessing it ends here.
    await limitAttempts(c, 'enrolment', request.code);
    const enrolled = await enrolAgent(c.env, request, Date.now());
    await record(
      c,
      { now: Date.now },
      'agent.enrolled',
      `${request.name} (${enrolled.agentId}) at ${enrolled.siteName}`,
      {
        claimed: request.name,
      },
    );
    return c.json(enrolled, 201);
  });

  // The machine takes itself out: what an admin's removal does, by the word of the key alone.
  routes.post(LEAVE_PATH, async (c) => {
    const agentId = await agentOf(c.env, c.req.raw);
    const claimed = (await nameOfAgent(c.env, agentId)) ?? agentId;
    await removeAgent(c.env, agentId, Date.now());
    await record(c, { now: Date.now }, 'agent.removed', `${claimed} (${agentId}), by itself`, { claimed });
    return c.body(null, 204);
  });

  // The object verifies the token: here it only tells which object.
  routes.get('/agent/v1/connect', (c) => {
    const agentId = claimedAgent(bearerOf(c.req.raw));
    return c.env.AGENT_LINK.getByName(agentId).fetch(c.req.raw);
  });

  // The id itself is what authorises; the agent it names is the object where its viewer waits.
  routes.put('/agent/v1/streams/:id', async (c) => {
    const claims = await readStreamId(c.env, c.req.param('id'), Date.now());
    if (claims === 'expired') return c.body(null, 410);
    if (claims === 'forged') {
      console.warn(JSON.stringify({ level: 'warn', event: 'stream id refused', requestId: c.var.requestId }));
      throw new HearthcastError('forbidden', 'This stream id was not made here');
    }
    try {
      return await c.env.AGENT_LINK.getByName(claims.agentId).fetch(c.req.raw);
    } catch (error) {
      // Its object was reset, and with it the viewer's connection: nobody waits for these bytes any more.
      const event = 'agent link failed';
      console.error(JSON.stringify({ level: 'error', event, agentId: claims.agentId, error: String(error) }));
      return c.body(null, 410);
    }
  });

  // Bytes to be thrown away: the agent measures its line by how long they take.
  routes.post('/agent/v1/uplink', async (c) => {
    await agentOf(c.env, c.req.raw);
    const bytes = await arriving(countBytes(c.req.raw.body), UPLINK_LIMIT_MS);
    return c.json({ bytes } satisfies z.infer<typeof UplinkAnswer>, 200, { 'cache-control': 'no-store' });
  });

  routes.post('/agent/v1/sync', async (c) => {
    const agentId = await agentOf(c.env, c.req.raw);
    const batch = await parseJson(c, SyncBatch);
    try {
      return c.json(await applyBatch(c.env, agentId, batch, Date.now()));
    } catch (error) {
      if (!(error instanceof CursorMismatch)) throw error;
      // The true cursor goes with the refusal, so that the agent continues without another question.
      const body = JSON.stringify({ ...error.toProblem(), cursor: error.cursor });
      return c.body(body, 409, { 'content-type': 'application/problem+json' });
    }
  });

  routes.post('/agent/v1/digest', async (c) => {
    const agentId = await agentOf(c.env, c.req.raw);
    return c.json(await digestOf(c.env, agentId, await parseJson(c, DigestQuery)));
  });

  routes.post('/agent/v1/digest/range', async (c) => {
    const agentId = await agentOf(c.env, c.req.raw);
    return c.json(await rangeOfDigest(c.env, agentId, await parseJson(c, RangeQuery)));
  });

  return routes;
}
