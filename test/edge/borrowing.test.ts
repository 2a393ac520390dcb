import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { ActiveSessions, PlayAnswer } from '../../shared/api/playback.ts';
import { CHROMIUM, DEMO } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { FakeAgent } from './fake-agent.ts';
import { addItem, PlayingAgent, textOf } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

const LENDS = { transcodeSlots: 0, videoEncoders: [], lendsAt: ['http://192.168.1.5:8096'] };
const full = { class: 'capacity', code: 'capacity-full', detail: 'This machine is busy.' } as const;

/** One machine with the film and no encoder, and others with encoders and no film, all on one site. */
async function site(encoders: string[], borrows = true) {
  const itemId = await addItem();
  const storage = await PlayingAgent.join('storage', { can: LENDS });
  await storage.hold(itemId, DEMO.hevc10);
  const computes: PlayingAgent[] = [];
  for (const name of encoders) computes.push(await PlayingAgent.join(name, { can: { borrows } }));
  await moveTo(`site ${itemId}`, [storage, ...computes]);
  const viewer = await signedIn('member');
  const client = edgeClient();
  const play = () => client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
  return { itemId, storage, computes, client, play, viewer };
}

/** A site of their own: other tests' machines are on the first one. */
async function moveTo(name: string, agents: PlayingAgent[]): Promise<void> {
  const site = await env.DB.prepare('INSERT INTO site (name, created_at) VALUES (?, 1) RETURNING id')
    .bind(name)
    .first('id');
  for (const { id } of agents) {
    await env.DB.prepare('UPDATE agent SET site_id = ? WHERE id = ?').bind(site, id).run();
  }
}

async function shown(client: ReturnType<typeof edgeClient>, id: string) {
  const admin = await signedIn('admin');
  const { items } = ActiveSessions.parse(await (await client.get('/api/v1/sessions', admin.headers)).json());
  return items.find((session) => session.id === id);
}

describe('a film that lies on a machine without an encoder', () => {
  it('[BO2] is encoded by another one of its site, which is told where and by which ticket to read it', async () => {
    const { storage, computes, client, play } = await site(['desk']);
    const { sessionId, url } = PlayAnswer.parse(await (await play()).json());
    const [opened] = computes[0]?.opened ?? [];
    expect(opened).toMatchObject({
      session: sessionId,
      plan: { mode: 'transcode' },
      source: { agent: storage.id, path: 'a.mp4', addresses: LENDS.lendsAt, ticket: expect.stringMatching(/^[\w-]+$/) },
    });
    expect(storage.opened).toEqual([]);
    const master = await textOf(await client.get(url));
    const rendition = /v\d+/.exec(master)?.[0];
    const segment = await client.get(url.replace('master.m3u8', `${rendition}/0.m4s`));
    expect(await textOf(segment)).toContain('desk');
    expect(storage.asked).toEqual([]);
    await expect
      .poll(() => shown(client, sessionId))
      .toMatchObject({ agent: 'desk', readsFrom: 'storage', because: 'only-one', load: { sessions: 1 } });
  });

  it('[BO8] ends at both machines', async () => {
    const { storage, computes, client, play, viewer } = await site(['desk']);
    const { sessionId } = PlayAnswer.parse(await (await play()).json());
    await client.post(`/api/v1/sessions/${sessionId}/stop`, { positionMs: 0 }, viewer.headers);
    for (const machine of [storage, ...computes]) {
      await expect.poll(() => machine.closed).toEqual([{ session: sessionId, generation: 1 }]);
    }
  });

  it('goes on from another encoder when the first one is gone, by a ticket of its own', async () => {
    const { storage, computes, client, play } = await site(['desk', 'attic']);
    const { sessionId, url } = PlayAnswer.parse(await (await play()).json());
    const [first, second] = computes[0]?.opened.length ? computes : [...computes].reverse();
    first?.leave();
    const segment = await client.get(url.replace('master.m3u8', 'v1080/1.m4s'));
    expect(await textOf(segment)).toContain(second?.name);
    expect(second?.opened[0]).toMatchObject({ generation: 2, source: { agent: storage.id } });
    expect(second?.opened[0]?.source?.ticket).not.toBe(first?.opened[0]?.source?.ticket);
    // The machine with the file breaks off what the first one still reads.
    await expect.poll(() => storage.closed).toEqual([{ session: sessionId, generation: 1 }]);
  });

  it('[DR2] is handed over when the machine with the file is to be stopped, where another one has it', async () => {
    const { storage, client, play, itemId } = await site(['desk']);
    const { sessionId } = PlayAnswer.parse(await (await play()).json());
    await expect.poll(() => shown(client, sessionId)).toMatchObject({ readsFrom: 'storage' });
    storage.tell({ kind: 'capacity', slotsUsed: 0, slotsTotal: 0, draining: true });
    const spare = await PlayingAgent.join('spare');
    await spare.hold(itemId, DEMO.hevc10);
    const later = PlayAnswer.parse(await (await play()).json());
    await expect.poll(() => shown(client, later.sessionId)).toMatchObject({ agent: 'spare', because: 'online' });
    // The first one knew of nobody else when it began: it plays on where it is.
    expect(await shown(client, sessionId)).toMatchObject({ agent: 'desk', moves: 0, state: 'playing' });
  });

  it('waits in the queue of the machines that could encode it', async () => {
    const { computes, play } = await site(['desk']);
    const [desk] = computes as [PlayingAgent];
    desk.refuses = full;
    const refused = await play();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      code: 'capacity-full',
      detail: expect.stringContaining('You are next'),
    });
    desk.refuses = null;
    expect((await play()).status).toBe(200);
  });

  it('[BO1] is not given to machines of older releases: its viewer hears why not', async () => {
    const { computes, play } = await site(['old'], false);
    const refused = await play();
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ code: 'not-playable' });
    expect(computes[0]?.opened).toEqual([]);
  });
});

it('[BO3] the welcome brings each agent a key of its own for tickets of its files, the same each time', async () => {
  const keyOf = async (agent: FakeAgent) => {
    const socket = await agent.dial();
    socket.send(agent.hello());
    return (await socket.next('welcome')).readKey;
  };
  const [one, other] = [await FakeAgent.enrol(), await FakeAgent.enrol()];
  const key = await keyOf(one);
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(await keyOf(one)).toBe(key);
  expect(await keyOf(other)).not.toBe(key);
  expect(key).not.toContain(env.HEARTHCAST_SECRET);
});
