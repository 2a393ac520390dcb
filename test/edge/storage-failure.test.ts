import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callAgent } from '../../edge/link/calls.ts';
import { orderBytes } from '../../edge/link/orders.ts';
import { publishEvent } from '../../edge/objects/event-publisher.ts';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { CHROMIUM, DEMO } from '../fakes/media-samples.ts';
import { callerOf } from './api-caller.ts';
import { edgeClient } from './edge-client.ts';
import { whileStorageFails } from './failing-storage.ts';
import { FakeAgent } from './fake-agent.ts';
import { addItem, PlayingAgent } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

const fleet = () => env.FLEET.getByName('fleet');
const hub = () => env.EVENT_HUB.getByName('hub');
const FILE = { session: null, generation: 0, resource: { kind: 'file' }, range: null } as const;
const SESSION = 'ses_AAAAAAAAAAAAAAAAAAAAAA';
const patient = () => new AbortController().signal;

afterEach(() => vi.useRealTimers());

/** A film on one machine that converts it, and who wants to see it. */
async function film(name: string) {
  const itemId = await addItem();
  const agent = await PlayingAgent.join(`${name} ${itemId}`);
  await agent.hold(itemId, DEMO.hevc10);
  const { headers } = await signedIn('member');
  const play = () => edgeClient().post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, headers);
  return { agent, play, headers };
}

const stateOf = async ({ id }: { id: string }) => (await fleet().agents()).find(({ agentId }) => agentId === id);

describe('a Fleet whose storage fails', () => {
  it.each([false, true])('keeps nobody from playing (reads fail too: %s)', async (reads) => {
    const { agent, play } = await film('full');
    const answer = await whileStorageFails(fleet(), play, { reads });
    expect(answer.status).toBe(200);
    expect(agent.opened).toHaveLength(1);
  });

  it('[EV2] is told an agent’s load again: it was not acknowledged', async () => {
    const { agent } = await film('load');
    await expect.poll(async () => (await stateOf(agent))?.online).toBe(true);
    const load = { kind: 'capacity', slotsUsed: 2, slotsTotal: 2 } as const;
    await whileStorageFails(fleet(), async () => {
      agent.send({ type: 'event', seq: 7, event: load });
      // Something that is answered behind it.
      await callAgent(env, agent.id, 'session.close', { session: SESSION, generation: 1 }, 5_000);
    });
    expect((await stateOf(agent))?.slotsUsed).toBe(0);
    agent.send({ type: 'event', seq: 7, event: load });
    await expect.poll(async () => (await stateOf(agent))?.slotsUsed).toBe(2);
    expect(agent.acknowledged.filter((seq) => seq === 7)).toHaveLength(1);
  });

  it('hears of a session’s end once more, before the session is forgotten', async () => {
    const { play, headers } = await film('end');
    const { sessionId } = PlayAnswer.parse(await (await play()).json());
    const listed = async () => (await fleet().sessions()).some(({ id }) => id === sessionId);
    await expect.poll(listed).toBe(true);
    const session = env.PLAYBACK_SESSION.getByName(sessionId);
    await whileStorageFails(fleet(), async () => {
      await edgeClient().post(`/api/v1/sessions/${sessionId}/stop`, { positionMs: 0 }, headers);
      await session.machine();
    });
    expect(await listed()).toBe(true);
    await runInDurableObject(session, (_, { storage }) => {
      const record = storage.kv.get<{ stateSince: number }>('session');
      storage.kv.put('session', { ...record, stateSince: 0 });
    });
    await evictDurableObject(session);
    await runDurableObjectAlarm(session);
    await expect.poll(listed).toBe(false);
  });

  it('is asked for leave again by who works in the background', async () => {
    const { agent } = await film('leave');
    const work = { kind: 'previews', fingerprint: 'd'.repeat(32) };
    await whileStorageFails(fleet(), async () => {
      agent.send({ type: 'background', id: 'unanswered', work });
      await callAgent(env, agent.id, 'session.close', { session: SESSION, generation: 1 }, 5_000);
    });
    expect(await agent.askLeave(work)).toMatchObject({ may: true });
  });
});

describe('a link whose storage fails', () => {
  it('lets nobody in who was not noted, and takes the same agent in later', async () => {
    const agent = await FakeAgent.enrol();
    const status = await whileStorageFails(agent.stub, async () => {
      const headers = { upgrade: 'websocket', authorization: `Bearer ${await agent.token()}` };
      const request = exports.default.fetch('http://edge.test/agent/v1/connect', { headers });
      return (await request.catch(() => null))?.status ?? 500;
    });
    expect(status).toBe(500);
    await agent.connect();
  });

  it('sends an agent away that it cannot welcome, which comes back; the older socket still holds', async () => {
    const agent = await FakeAgent.enrol();
    const older = await agent.connect();
    const newer = await agent.dial();
    await whileStorageFails(agent.stub, async () => {
      newer.send(agent.hello());
      expect(await newer.closed).toMatchObject({ code: 4005, reason: 'restarting' });
    });
    const answer = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
    older.send({ type: 'answer', id: (await older.next('call')).id, body: { started: true } });
    expect((await answer).ok).toBe(true);
  });

  it('[LV1] hears that its agent works all the same', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const agent = await FakeAgent.enrol();
    const socket = await agent.connect();
    const answer = orderBytes(env, agent.id, FILE, patient());
    const { id } = await socket.next('bytes');
    await whileStorageFails(agent.stub, async () => {
      for (let second = 0; second < 4; second++) {
        vi.setSystemTime(Date.now() + 2_000);
        socket.send({ type: 'progress', ids: [id], moved: [0], uplink: 1_000_000 * (second + 1) });
        await agent.stub.metrics();
      }
    });
    expect(await agent.put(id, 0, new Uint8Array(10), { total: 10 })).toBe(204);
    expect((await answer).status).toBe(200);
  });

  it('[SE3] cuts what an old owner still sends', async () => {
    const agent = await FakeAgent.enrol();
    const socket = await agent.connect();
    const answer = orderBytes(env, agent.id, { ...FILE, session: SESSION, generation: 1 }, patient());
    await socket.next('bytes');
    await whileStorageFails(agent.stub, async () => {
      await agent.stub.endSession(SESSION, 1, null).catch(() => {});
      expect((await answer).headers.get('hc-failure')).toBe('session');
    });
  });

  it('[PR2] tells placement that an agent is away as soon as it can', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const agent = await FakeAgent.enrol();
    const socket = await agent.connect();
    await expect.poll(async () => (await stateOf(agent))?.online).toBe(true);
    socket.close();
    await expect.poll(() => agent.stub.metrics()).toMatchObject({ socketsOpen: 0 });
    vi.setSystemTime(Date.now() + 10_000);
    await whileStorageFails(fleet(), () => runDurableObjectAlarm(agent.stub));
    expect((await stateOf(agent))?.online).toBe(true);
    expect(await runDurableObjectAlarm(agent.stub), 'it looks again').toBe(true);
    expect((await stateOf(agent))?.online).toBe(false);
  });
});

it('[PR2] an agent that went with the edge’s machine, without a word, is away ten seconds after that is back', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const agent = await FakeAgent.enrol();
  await fleet().agentChanged({ agentId: agent.id, online: true, slotsUsed: 0, slotsTotal: 2, videoEncoders: [] });
  await runInDurableObject(agent.stub, async (_, { storage }) => {
    storage.kv.put('presence', { online: true, closedAt: null });
    await storage.setAlarm(Date.now());
  });
  await runDurableObjectAlarm(agent.stub);
  expect((await stateOf(agent))?.online).toBe(true);
  vi.setSystemTime(Date.now() + 10_000);
  await runDurableObjectAlarm(agent.stub);
  expect((await stateOf(agent))?.online).toBe(false);
  expect(await runDurableObjectAlarm(agent.stub), 'and nothing is left to look at').toBe(false);
});

it('the hub, which keeps nothing, lets browsers in and tells them while its storage fails', async () => {
  const { headers } = await callerOf('member');
  const heard = await whileStorageFails(
    hub(),
    async () => {
      const url = 'http://edge.test/api/v1/events';
      const { webSocket } = await exports.default.fetch(url, { headers: { ...headers, upgrade: 'websocket' } });
      webSocket?.accept();
      const message = new Promise((resolve) => webSocket?.addEventListener('message', ({ data }) => resolve(data)));
      await publishEvent(env, { topic: 'system.notification', level: 'info', text: 'still here' }, { users: 'all' });
      return message;
    },
    { reads: true },
  );
  expect(heard).toContain('still here');
});
