import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { directKeyOf } from '../../edge/playback/direct-tickets.ts';
import { Agents } from '../../shared/api/fleet.ts';
import { ActiveSessions, DirectAnswer, PlayAnswer } from '../../shared/api/playback.ts';
import { DIRECT_PATH, type DirectAddress, parseDirectPayload } from '../../shared/protocol/direct.ts';
import { CHROMIUM, DEMO } from '../fakes/media-samples.ts';
import { edgeClient, HOME } from './edge-client.ts';
import { FakeAgent } from './fake-agent.ts';
import { addItem, PlayingAgent } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

const LAN: DirectAddress = { url: 'http://192.168.1.5:8788', reach: 'local' };

/** What a direct path says; its seal is the agent's to judge. */
function ticketOf(path: string) {
  const word = atob(path.slice(DIRECT_PATH.length).replaceAll('-', '+').replaceAll('_', '/'));
  return parseDirectPayload(word.slice(0, -16));
}

/** A film that is playing from the first of its machines. */
async function playing(addresses: DirectAddress[][] = [[LAN]]) {
  const itemId = await addItem();
  const agents: PlayingAgent[] = [];
  for (const own of addresses) {
    const agent = await PlayingAgent.join(`direct ${itemId} ${agents.length}`, { direct: { addresses: own } });
    await agent.hold(itemId, DEMO.twoLanguages);
    agents.push(agent);
  }
  const client = edgeClient();
  const [viewer, admin] = [await signedIn('member'), await signedIn('admin')];
  const response = await client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
  const answer = PlayAnswer.parse(await response.json());
  const owner = agents.find((agent) => agent.opened.length > 0) as PlayingAgent;
  const ask = async (headers = viewer.headers) => {
    const asked = await client.post(`/api/v1/sessions/${answer.sessionId}/direct`, {}, headers);
    return DirectAnswer.parse(await asked.json()).direct;
  };
  const allow = (allowed: boolean, headers = admin.headers) =>
    client.call('PUT', `/api/v1/agents/${owner.id}/direct`, { body: { allowed }, headers });
  const shown = async () => {
    const { items } = ActiveSessions.parse(await (await client.get('/api/v1/sessions', admin.headers)).json());
    return items.find(({ id }) => id === answer.sessionId);
  };
  return { agents, owner, client, viewer, admin, answer, ask, allow, shown };
}

describe('[DW10] a machine that announces addresses', () => {
  it('is told the key of its own tickets, and no other machine’s', async () => {
    const agent = await FakeAgent.enrol();
    const socket = await agent.dial();
    socket.send(agent.hello({ direct: { addresses: [LAN] } }));
    const { direct } = await socket.next('welcome');
    expect(direct).toEqual({ key: await directKeyOf(env, agent.id) });
  });

  it('is told none where it announces nothing, as every machine of before', async () => {
    const agent = await FakeAgent.enrol();
    const socket = await agent.dial();
    socket.send(agent.hello());
    expect((await socket.next('welcome')).direct).toBeUndefined();
  });

  it('is named to the viewer with what proves it, and tickets of this session, owner and page', async () => {
    const { owner, answer } = await playing();
    const { direct } = answer;
    expect(direct).toMatchObject({ agentId: owner.id, addresses: [LAN] });
    expect(direct?.publicKey).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const about = { agent: owner.id, session: answer.sessionId, generation: 1, origin: HOME };
    expect(ticketOf(direct?.media ?? '')).toEqual({ ...about, purpose: 'media', expiresAt: answer.expiresAt });
    expect(ticketOf(direct?.probe ?? '')).toEqual({ ...about, purpose: 'probe', expiresAt: answer.expiresAt });
  });

  it('is not named where it has no address, and to nobody but the session’s own viewer', async () => {
    const { answer, ask } = await playing([[]]);
    expect(answer.direct).toBeNull();
    const named = await playing();
    expect(await named.ask()).toMatchObject({ agentId: named.owner.id });
    expect(await named.ask((await signedIn('admin')).headers)).toBeNull();
    expect(await ask()).toBeNull();
  });

  it('is followed by the next one after a hand-over', async () => {
    const { agents, owner, client, answer, ask } = await playing([[LAN], [LAN]]);
    owner.leave();
    const segment = await client.get(answer.url.replace('master.m3u8', 'vcopy/0.m4s'));
    expect(segment.status).toBe(200);
    await segment.arrayBuffer();
    const other = agents.find((agent) => agent !== owner) as PlayingAgent;
    const direct = await ask();
    expect(direct?.agentId).toBe(other.id);
    expect(ticketOf(direct?.media ?? '')?.generation).toBeGreaterThan(1);
  });
});

describe('what goes past the edge', () => {
  it('[DW9] is seen by admins and counted, by the word of the owner alone', async () => {
    const { owner, answer, client, admin, shown } = await playing();
    expect((await shown())?.direct).toBeNull();
    const service = { session: answer.sessionId, generation: 1, address: LAN.url, bytes: 1_234 };
    const stranger = await PlayingAgent.join(`stranger ${answer.sessionId}`);
    stranger.tell({ kind: 'direct.served', sessions: [{ ...service, address: 'http://evil.example' }] });
    owner.tell({ kind: 'direct.served', sessions: [{ ...service, generation: 7 }] });
    owner.tell({ kind: 'direct.served', sessions: [service] });
    await expect.poll(async () => (await shown())?.direct).toEqual({ address: LAN.url });
    const metrics = await (await client.get('/metrics', admin.headers)).text();
    expect(metrics).toMatch(new RegExp(`hearthcast_link_direct_bytes_total\\{agent="${owner.name}"[^}]*\\} 2468`));
    expect(metrics).toMatch(new RegExp(`hearthcast_link_bytes_total\\{agent="${owner.name}"[^}]*\\} 0`));
  });

  it('[DW3] ends at once when its viewer is signed out: the machine is told to close it', async () => {
    const { owner, answer, client, viewer, shown } = await playing();
    await expect.poll(shown).toBeDefined();
    const signOut = { body: { refreshToken: viewer.refreshToken }, headers: viewer.headers };
    expect((await client.call('POST', '/api/v1/auth/logout', signOut)).status).toBe(204);
    await expect.poll(() => owner.closed).toMatchObject([{ session: answer.sessionId, generation: 1 }]);
  });
});

describe('[DW7] an admin', () => {
  it('ends the direct way of a machine, which is told at once and at its next hello, and allows it again', async () => {
    const { owner, client, admin, ask, allow } = await playing();
    const line = async () => {
      const { items } = Agents.parse(await (await client.get('/api/v1/agents', admin.headers)).json());
      return items.find(({ id }) => id === owner.id)?.direct;
    };
    expect(await line()).toEqual({ allowed: true, addresses: [LAN] });
    expect((await allow(false)).status).toBe(204);
    expect(owner.directKeys).toEqual([null]);
    expect(await ask()).toBeNull();
    expect(await line()).toEqual({ allowed: false, addresses: [LAN] });
    expect((await allow(true)).status).toBe(204);
    expect(owner.directKeys).toEqual([null, await directKeyOf(env, owner.id)]);
    expect(await ask()).not.toBeNull();
  });

  it('is the only one who may', async () => {
    const { allow, viewer, client, admin } = await playing();
    expect((await allow(false, viewer.headers)).status).toBe(403);
    const path = `/api/v1/agents/agt_${'x'.repeat(22)}/direct`;
    const unknown = await client.call('PUT', path, { body: { allowed: false }, headers: admin.headers });
    expect(unknown.status).toBe(404);
  });
});
