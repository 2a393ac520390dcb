import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { SessionRecord } from '../../edge/playback/session-record.ts';
import { ActiveSessions, PlayAnswer } from '../../shared/api/playback.ts';
import { CHROMIUM } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, PlayingAgent } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

const fleet = () => env.FLEET.getByName('fleet');
const CHANGE = { online: true, slotsUsed: 0, slotsTotal: 2, videoEncoders: ['libx264'] };

async function playing() {
  const itemId = await addItem();
  const agent = await PlayingAgent.join('a');
  await agent.hold(itemId);
  const viewer = await signedIn('member');
  const client = edgeClient();
  const answer = await client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
  return { agent, client, viewer, itemId, play: PlayAnswer.parse(await answer.json()) };
}

describe('the fleet', () => {
  it('remembers agents over an eviction, and what they can do while they are away', async () => {
    await fleet().agentChanged({ agentId: 'agt_one', ...CHANGE });
    await fleet().agentChanged({
      agentId: 'agt_one',
      online: false,
      slotsUsed: 0,
      slotsTotal: 0,
      videoEncoders: [],
    });
    await evictDurableObject(fleet());
    const state = (await fleet().agents()).find((agent) => agent.agentId === 'agt_one');
    expect(state).toMatchObject({ online: false, slotsTotal: 2, videoEncoders: ['libx264'] });
  });

  it('hears of an agent as it connects', async () => {
    const agent = await PlayingAgent.join('new');
    const find = async () => (await fleet().agents()).find((state) => state.agentId === agent.id);
    await expect.poll(find).toMatchObject({ online: true, slotsTotal: 2, videoEncoders: ['libx264'] });
  });

  it('tells the sessions of an agent that it is gone', async () => {
    const { agent, play } = await playing();
    await expect.poll(async () => (await fleet().sessions()).map(({ id }) => id)).toContain(play.sessionId);
    await fleet().agentChanged({ agentId: agent.id, ...CHANGE, online: false });
    const session = env.PLAYBACK_SESSION.getByName(play.sessionId);
    const state = await runInDurableObject(
      session,
      (_, { storage }) => storage.kv.get<SessionRecord>('session')?.state,
    );
    expect(state).toBe('lost');
  });
});

describe('who watches what', () => {
  it('is shown to admins until it ends, and to nobody else', async () => {
    const { client, viewer, play, itemId } = await playing();
    const admin = await signedIn('admin');
    const list = async () =>
      ActiveSessions.parse(await (await client.get('/api/v1/sessions', admin.headers)).json()).items;
    await expect
      .poll(async () => (await list()).find((session) => session.id === play.sessionId))
      .toMatchObject({
        user: viewer.principal.name,
        itemId: String(itemId),
        agent: 'a',
        mode: 'direct',
        title: 'A film',
      });
    await evictDurableObject(fleet());
    expect((await list()).map(({ id }) => id)).toContain(play.sessionId);
    await client.post(`/api/v1/sessions/${play.sessionId}/stop`, { positionMs: 0 }, viewer.headers);
    await expect.poll(async () => (await list()).map(({ id }) => id)).not.toContain(play.sessionId);
    expect((await client.get('/api/v1/sessions', viewer.headers)).status).toBe(403);
  });
});

describe('an admin', () => {
  it('stops a session with a word that its viewer is told; nobody else may', async () => {
    const { agent, client, viewer, play } = await playing();
    const admin = await signedIn('admin');
    const path = `/api/v1/sessions/${play.sessionId}/end`;
    expect((await client.post(path, {}, viewer.headers)).status).toBe(403);
    expect((await client.post(path, { message: 'Dinner is ready.' }, admin.headers)).status).toBe(204);
    await expect.poll(() => agent.closed).toMatchObject([{ session: play.sessionId }]);
    const answer = await client.get(play.url, { range: 'bytes=0-9' });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'session-stopped', detail: 'Dinner is ready.' });
  });

  it('sees why a machine was chosen, and how busy it is', async () => {
    const { client, play, agent } = await playing();
    const admin = await signedIn('admin');
    const mine = async () => {
      const { items } = ActiveSessions.parse(await (await client.get('/api/v1/sessions', admin.headers)).json());
      return items.find(({ id }) => id === play.sessionId);
    };
    await expect.poll(mine).toMatchObject({
      because: 'only-one',
      state: 'playing',
      moves: 0,
      bitrate: 6_200_000,
      load: { sessions: 1, slotsUsed: 0, slotsTotal: 2 },
    });
    const event = { kind: 'session.ended', session: play.sessionId, generation: 1, reason: 'lease' } as const;
    agent.send({ type: 'event', seq: 1, event });
    await expect.poll(mine).toMatchObject({ state: 'resting', load: { sessions: 0 } });
  });

  it('has the viewer’s own network preferred as the agents connected from it', async () => {
    await fleet().agentAt('agt_near', '203.0.113.9');
    await fleet().agentChanged({ agentId: 'agt_near', ...CHANGE });
    await evictDurableObject(fleet());
    const near = (await fleet().agents()).find((state) => state.agentId === 'agt_near');
    expect(near?.network).toBe('203.0.113.9');
  });
});
