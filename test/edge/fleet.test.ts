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
