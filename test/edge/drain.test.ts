import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { Agents } from '../../shared/api/fleet.ts';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { Problem } from '../../shared/errors.ts';
import { CHROMIUM, DEMO } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, PlayingAgent, textOf } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

const fleet = () => env.FLEET.getByName('fleet');

/** A film that is played from one of some machines. */
async function playing(names: string[]) {
  const itemId = await addItem();
  const agents: PlayingAgent[] = [];
  for (const name of names) {
    const agent = await PlayingAgent.join(`${name} ${itemId}`);
    await agent.hold(itemId, DEMO.twoLanguages);
    agents.push(agent);
  }
  const client = edgeClient();
  const [viewer, admin] = [await signedIn('member'), await signedIn('admin')];
  const play = async () => {
    const response = await client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
    return { response, body: await response.json() };
  };
  const answer = PlayAnswer.parse((await play()).body);
  const owner = agents.find((agent) => agent.opened.length > 0) as PlayingAgent;
  await expect.poll(async () => (await fleet().sessions()).map(({ id }) => id)).toContain(answer.sessionId);
  const drain = (draining: boolean, headers = admin.headers) =>
    client.post(`/api/v1/agents/${owner.id}/drain`, { draining }, headers);
  const line = async () => {
    const { items } = Agents.parse(await (await client.get('/api/v1/agents', admin.headers)).json());
    return items.find(({ id }) => id === owner.id);
  };
  return { agents, owner, client, viewer, answer, play, drain, line };
}

describe('[DR1] a machine that is drained', () => {
  it('[DR2] hands its sessions over before it is told to close them, and is shown as empty', async () => {
    const { agents, owner, client, answer, drain, line } = await playing(['a', 'b']);
    const other = agents.find((agent) => agent !== owner) as PlayingAgent;
    const response = await drain(true);
    expect(await response.json()).toEqual({ sessions: 1 });
    await expect.poll(() => owner.closed).toMatchObject([{ session: answer.sessionId, generation: 1 }]);
    expect(other.opened).toMatchObject([{ session: answer.sessionId, generation: 2 }]);
    await expect.poll(line).toMatchObject({ draining: true, sessions: 0 });
    const segment = await client.get(answer.url.replace('master.m3u8', 'vcopy/0.m4s'));
    expect(segment.status).toBe(200);
    expect(await textOf(segment)).toContain(other.name);
    expect(owner.asked).toEqual([]);
  });

  it('keeps what nobody else can serve, takes nothing new, and takes viewers again when it is told to', async () => {
    const { owner, answer, play, drain, line } = await playing(['a']);
    await drain(true);
    await expect.poll(line).toMatchObject({ draining: true, sessions: 1 });
    expect(owner.closed).toEqual([]);
    const refused = await play();
    expect(Problem.parse(refused.body).code).toBe('agent-offline');
    await drain(false);
    await expect.poll(line).toMatchObject({ draining: false });
    expect(PlayAnswer.parse((await play()).body).sessionId).not.toBe(answer.sessionId);
  });

  it('[DR3] is not drained by a call that its agent does not know', async () => {
    const { owner, drain, line } = await playing(['a']);
    owner.isOld = true;
    const refused = await drain(true);
    expect([refused.status, Problem.parse(await refused.json()).code]).toEqual([426, 'protocol-too-old']);
    expect(await line()).toMatchObject({ draining: false, sessions: 1 });
  });

  it('is the admins’ to drain, and can be only while it is there', async () => {
    const { owner, viewer, drain, client } = await playing(['a']);
    expect((await drain(true, viewer.headers)).status).toBe(403);
    owner.leave();
    await expect.poll(async () => (await drain(true)).status).toBe(503);
    const admin = await signedIn('admin');
    expect((await client.post('/api/v1/agents/nobody/drain', {}, admin.headers)).status).toBe(404);
  });
});
