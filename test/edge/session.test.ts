import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { LOST_LIMIT_MS } from '../../edge/playback/session-clock.ts';
import type { SessionRecord } from '../../edge/playback/session-record.ts';
import { BOOKMARK_HEADER, Bookmark } from '../../shared/api/bookmark.ts';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { CHROMIUM, DEMO } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, PlayingAgent, TIMELINE } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

async function playing(names = ['a']) {
  const itemId = await addItem();
  const agents: PlayingAgent[] = [];
  for (const name of names) {
    const agent = await PlayingAgent.join(name);
    await agent.hold(itemId, DEMO.twoLanguages);
    agents.push(agent);
  }
  const viewer = await signedIn('member');
  const client = edgeClient();
  const answer = await client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
  const play = PlayAnswer.parse(await answer.json());
  const session = env.PLAYBACK_SESSION.getByName(play.sessionId);
  const owner = agents.find((agent) => agent.opened.length > 0) as PlayingAgent;
  return { itemId, agents, owner, viewer, client, play, session, userId: viewer.principal.userId };
}

const recordOf = (session: DurableObjectStub) =>
  runInDurableObject(session, (_, state) => state.storage.kv.get<SessionRecord>('session'));

/** Turns the session's clock forward: what is stored is that much older. */
async function age(session: DurableObjectStub, ms: number): Promise<void> {
  await runInDurableObject(session, async (_, state) => {
    const record = state.storage.kv.get<SessionRecord>('session') as SessionRecord;
    state.storage.kv.put('session', {
      ...record,
      stateSince: record.stateSince - ms,
      savedAt: record.savedAt - ms,
      expiresAt: record.expiresAt - ms,
    });
  });
  await evictDurableObject(session as never);
}

const positionOf = async (userId: number, itemId: number) =>
  (
    await env.DB.prepare('SELECT position_ms AS at FROM user_item WHERE user_id = ? AND item_id = ?')
      .bind(userId, itemId)
      .first<{ at: number }>()
  )?.at ?? null;

describe('a session', () => {
  it('knows its owner, its plan and its timeline after an eviction', async () => {
    const { session, owner } = await playing();
    await evictDurableObject(session);
    expect(await session.owns(owner.id, 1)).toBe(true);
    expect(await session.owns(owner.id, 2)).toBe(false);
    const manifest = await session.manifest();
    expect(manifest).toMatchObject({ ok: true, plan: { mode: 'remux' }, timeline: { hash: TIMELINE.hash } });
  });

  it('moves once for two callers at the same time, also after an eviction', async () => {
    const { session, owner, agents } = await playing(['a', 'b']);
    await evictDurableObject(session);
    owner.leave();
    const report = { generation: 1, failure: 'liveness' } as const;
    const [first, second] = await Promise.all([session.recover(report), session.recover(report)]);
    expect(first).toEqual(second);
    const other = agents.find((agent) => agent !== owner) as PlayingAgent;
    expect(first).toEqual({ ok: true, agentId: other.id, generation: 2 });
    expect(other.opened).toHaveLength(1);
    expect(await session.recover(report)).toEqual(first);
  });

  it('rests at the end of the lease of its owner, and not by the word of an old one', async () => {
    const { session, owner, agents } = await playing(['a', 'b']);
    const moved = await session.recover({ generation: 1, failure: 'liveness' });
    await session.agentEnded(owner.id, 1, 'lease');
    expect((await recordOf(session))?.state).toBe('playing');
    const other = agents.find((agent) => agent !== owner) as PlayingAgent;
    await session.agentEnded(other.id, 2, 'lease');
    await session.agentEnded(other.id, 2, 'lease');
    expect(moved.ok).toBe(true);
    expect((await recordOf(session))?.state).toBe('resting');
  });

  it('rests by the event of its agent, as it comes over the link', async () => {
    const { session, owner, play } = await playing();
    const event = { kind: 'session.ended', session: play.sessionId, generation: 1, reason: 'lease' } as const;
    owner.send({ type: 'event', seq: 1, event });
    owner.send({ type: 'event', seq: 1, event });
    await expect.poll(async () => (await recordOf(session))?.state).toBe('resting');
  });

  it('is closed on an agent that comes back with an old generation of it', async () => {
    const { session, owner } = await playing(['a', 'b']);
    await session.recover({ generation: 1, failure: 'liveness' });
    expect(await session.owns(owner.id, 1)).toBe(false);
    await expect.poll(() => owner.closed).toMatchObject([{ generation: 1 }]);
  });

  it('ends with the sign-in that began it', async () => {
    const { session, owner, viewer } = await playing();
    await env.FLEET.getByName('fleet').signedOut([viewer.principal.authSessionId]);
    expect((await recordOf(session))?.state).toBe('ended');
    await expect.poll(() => owner.closed).toHaveLength(1);
  });
});

describe("a session's progress", () => {
  it('reaches the database with the alarm, once', async () => {
    const { session, client, viewer, play, userId, itemId } = await playing();
    const body = { positionMs: 300_000, state: 'playing' };
    const told = await client.post(`/api/v1/sessions/${play.sessionId}/progress`, body, viewer.headers);
    expect(told.status).toBe(204);
    expect(await positionOf(userId, itemId)).toBeNull();
    await age(session, 15_000);
    expect(await runDurableObjectAlarm(session)).toBe(true);
    expect(await positionOf(userId, itemId)).toBe(300_000);
    await env.DB.prepare('DELETE FROM user_item').run();
    await runDurableObjectAlarm(session);
    expect(await positionOf(userId, itemId)).toBeNull();
  });

  it('reaches the database when the viewer stops, and is where the next play resumes', async () => {
    const { client, viewer, play, userId, itemId } = await playing();
    const path = `/api/v1/sessions/${play.sessionId}/stop`;
    const stopped = await client.post(path, { positionMs: 600_000 }, viewer.headers);
    expect(stopped.status).toBe(204);
    // The session wrote it, not this request: its pages are read from no copy that lacks it.
    expect(Bookmark.safeParse(stopped.headers.get(BOOKMARK_HEADER)).success).toBe(true);
    expect((await client.post(path, { positionMs: 5 }, viewer.headers)).status).toBe(204);
    expect(await positionOf(userId, itemId)).toBe(600_000);
    const again = await client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
    expect(PlayAnswer.parse(await again.json()).resumeMs).toBe(600_000);
  });

  it('is taken from nobody else', async () => {
    const { client, play } = await playing();
    const stranger = await signedIn('owner');
    for (const [path, body] of [
      ['progress', { positionMs: 1, state: 'playing' }],
      ['stop', { positionMs: 1 }],
    ] as const) {
      const response = await client.post(`/api/v1/sessions/${play.sessionId}/${path}`, body, stranger.headers);
      expect(response.status).toBe(404);
    }
  });
});

describe("a session's alarm", () => {
  it('ends what was lost for longer than players wait', async () => {
    const { session, owner } = await playing();
    await session.agentEnded(owner.id, 1, 'shutdown');
    expect((await recordOf(session))?.state).toBe('lost');
    await age(session, LOST_LIMIT_MS);
    await runDurableObjectAlarm(session);
    expect((await recordOf(session))?.state).toBe('ended');
  });

  it('forgets an ended session, and no ticket brings it back', async () => {
    const { session, userId } = await playing();
    await session.stop(userId, 1);
    await age(session, 600_000);
    await runDurableObjectAlarm(session);
    expect(await recordOf(session)).toBeUndefined();
    expect(await session.recover({ generation: 1, failure: 'liveness' })).toMatchObject({ code: 'session-ended' });
  });
});
