import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { Agents } from '../../shared/api/fleet.ts';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { CHROMIUM, DEMO } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { FakeAgent } from './fake-agent.ts';
import { addItem, PlayingAgent } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

const fleet = () => env.FLEET.getByName('fleet');
const work = (kind = 'previews') => ({
  kind,
  fingerprint: crypto.randomUUID().replaceAll('-', ''),
});
const full = { class: 'capacity', code: 'capacity-full', detail: 'This machine is busy.' } as const;

/** A film that must be converted, on a site of its own with the machines of these names; the first one has the file. */
async function site(...machines: [name: string, can: Parameters<typeof PlayingAgent.join>[1]][]) {
  const itemId = await addItem();
  const agents: PlayingAgent[] = [];
  for (const [name, more] of machines) agents.push(await PlayingAgent.join(name, more));
  await agents[0]?.hold(itemId, DEMO.hevc10);
  const id = await env.DB.prepare('INSERT INTO site (name, created_at) VALUES (?, 1) RETURNING id')
    .bind(`site ${itemId}`)
    .first('id');
  for (const agent of agents)
    await env.DB.prepare('UPDATE agent SET site_id = ? WHERE id = ?').bind(id, agent.id).run();
  const { headers } = await signedIn('member');
  const play = () => edgeClient().post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, headers);
  return { agents, play, headers };
}

const shown = async (agent: PlayingAgent) => {
  const admin = await signedIn('admin');
  const { items } = Agents.parse(await (await edgeClient().get('/api/v1/agents', admin.headers)).json());
  return items.find(({ id }) => id === agent.id);
};

describe('background work', () => {
  it('[BG1] is done by leave, by one machine at a time, and shown to admins', async () => {
    const [one, two] = [await PlayingAgent.join('one'), await PlayingAgent.join('two')];
    const film = work();
    expect(await one.askLeave(film)).toEqual({ may: true, forMs: 180_000 });
    expect(await two.askLeave(film)).toEqual({ may: false, because: 'same-work' });
    await evictDurableObject(fleet());
    expect(await two.askLeave(film)).toEqual({ may: false, because: 'same-work' });
    await expect.poll(async () => (await shown(one))?.background).toEqual(['previews']);
    one.send({ type: 'background', id: 'w', work: film, done: true });
    await expect.poll(() => two.askLeave(film)).toMatchObject({ may: true });
    expect((await shown(one))?.background).toEqual([]);
  });

  it('[BG1] is judged alike where its kind is not known', async () => {
    const agent = await PlayingAgent.join('later');
    expect(await agent.askLeave(work('intro-analysis'))).toMatchObject({ may: true });
  });

  it('[BG4] steps aside when somebody begins to wait, on the machine with the file too', async () => {
    const lends = { transcodeSlots: 0, videoEncoders: [], lendsAt: ['http://192.168.1.5:8096'] };
    const { agents, play } = await site(['storage', { can: lends }], ['desk', { can: { borrows: true } }]);
    const [storage, desk] = agents as [PlayingAgent, PlayingAgent];
    const [reading, making] = [work('subtitles'), work()];
    await storage.askLeave(reading);
    await desk.askLeave(making);
    desk.refuses = full;
    expect((await play()).status).toBe(429);
    await expect.poll(() => desk.stopped).toEqual([{ work: making, because: 'viewer-waits' }]);
    await expect.poll(() => storage.stopped).toEqual([{ work: reading, because: 'viewer-waits' }]);
    expect(await storage.askLeave(reading)).toEqual({ may: false, because: 'viewer-waits' });
  });

  it('[BG4] steps aside when a session is placed there, until it ends', async () => {
    const { agents, play, headers } = await site(['desk', {}]);
    const [desk] = agents as [PlayingAgent];
    const making = work();
    await desk.askLeave(making);
    const { sessionId } = PlayAnswer.parse(await (await play()).json());
    await expect.poll(() => desk.stopped).toEqual([{ work: making, because: 'viewer-watches' }]);
    expect(await desk.askLeave(making)).toEqual({ may: false, because: 'viewer-watches' });
    await edgeClient().post(`/api/v1/sessions/${sessionId}/stop`, { positionMs: 0 }, headers);
    await expect.poll(() => desk.askLeave(making)).toMatchObject({ may: true });
  });

  it('[BG4] steps aside when its machine is to be stopped', async () => {
    const desk = await PlayingAgent.join('desk');
    const making = work();
    await desk.askLeave(making);
    desk.tell({ kind: 'capacity', slotsUsed: 0, slotsTotal: 2, draining: true });
    await expect.poll(() => desk.stopped).toEqual([{ work: making, because: 'draining' }]);
    expect(await desk.askLeave(making)).toEqual({ may: false, because: 'draining' });
  });

  it('[BG3] of a machine that says hello anew is known when it asks again', async () => {
    const agent = await FakeAgent.enrol();
    const film = work();
    const ask = async (socket: Awaited<ReturnType<FakeAgent['connect']>>) => {
      socket.send({ type: 'background', id: 'w', work: film });
      return (await socket.next('leave')).leave;
    };
    expect(await ask(await agent.connect())).toMatchObject({ may: true });
    const anew = await agent.connect({ generation: 2_000 });
    const other = await PlayingAgent.join('other');
    await expect.poll(() => other.askLeave(film)).toMatchObject({ may: true });
    expect(await ask(anew)).toEqual({ may: false, because: 'same-work' });
  });
});

it('shows for whom a machine lends its disks', async () => {
  const lends = { transcodeSlots: 0, videoEncoders: [], lendsAt: ['http://192.168.1.5:8096'] };
  const { agents, play } = await site(['storage', { can: lends }], ['desk', { can: { borrows: true } }]);
  const [storage] = agents as [PlayingAgent];
  expect((await play()).status).toBe(200);
  await expect
    .poll(() => shown(storage))
    .toMatchObject({ sessions: 0, lendsTo: ['desk'], lendsNow: [{ machine: 'desk', sessions: 1 }] });
});
