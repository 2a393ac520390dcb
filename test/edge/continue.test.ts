import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { OwnSessions, PlayAnswer } from '../../shared/api/playback.ts';
import { Problem } from '../../shared/errors.ts';
import { CHROMIUM, DEMO } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, PlayingAgent } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

const fleet = () => env.FLEET.getByName('fleet');

/** A person who plays a film, and may play it again from elsewhere. */
async function watching(media = DEMO.twoLanguages) {
  const itemId = await addItem();
  const agent = await PlayingAgent.join(`agent ${itemId}`);
  await agent.hold(itemId, media);
  const client = edgeClient();
  const viewer = await signedIn('member');
  const play = async (body: Record<string, unknown> = {}) => {
    const path = `/api/v1/items/${itemId}/play`;
    const response = await client.post(path, { profile: { ...CHROMIUM, name: 'The tablet' }, ...body }, viewer.headers);
    const answer: unknown = await response.json();
    return {
      status: response.status,
      play: PlayAnswer.safeParse(answer).data,
      problem: Problem.safeParse(answer).data,
    };
  };
  const first = (await play()).play as PlayAnswer;
  await expect.poll(async () => (await fleet().sessions()).map(({ id }) => id)).toContain(first.sessionId);
  const mine = async () => {
    const response = await client.get('/api/v1/users/me/playing', viewer.headers);
    return OwnSessions.parse(await response.json()).items;
  };
  return { itemId, agent, client, viewer, play, first, mine };
}

describe('a film that moves to another device', () => {
  it('is offered to its own viewer with its place, and to nobody else', async () => {
    const { client, viewer, first, mine, itemId } = await watching();
    const report = { positionMs: 130_000, state: 'paused', bufferedMs: 9_000, bitrate: 4_000_000 };
    await client.post(`/api/v1/sessions/${first.sessionId}/progress`, report, viewer.headers);
    expect(await mine()).toMatchObject([
      { id: first.sessionId, itemId: String(itemId), device: 'The tablet', state: 'paused', positionMs: 130_000 },
    ]);
    const stranger = await signedIn('member');
    const theirs = await client.get('/api/v1/users/me/playing', stranger.headers);
    expect(await theirs.json()).toEqual({ items: [] });
  });

  it('goes on at the same place, and ends where it was with a word', async () => {
    const { client, viewer, first, play, mine, agent } = await watching();
    const report = { positionMs: 130_000, state: 'paused' };
    await client.post(`/api/v1/sessions/${first.sessionId}/progress`, report, viewer.headers);
    const { play: second } = await play({ replaces: first.sessionId });
    expect(second).toMatchObject({ resumeMs: 130_000 });
    expect(agent.opened.at(-1)).toMatchObject({ session: second?.sessionId, startMs: 130_000 });
    await expect.poll(mine).toMatchObject([{ id: second?.sessionId }]);
    const answer = await client.get(first.url);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      code: 'session-elsewhere',
      detail: expect.stringContaining('The tablet'),
    });
    expect((await client.get(second?.url ?? '')).status).toBe(200);
  });

  it('is not taken away by somebody else', async () => {
    const { client, first, itemId } = await watching();
    const stranger = await signedIn('member');
    const body = { profile: CHROMIUM, replaces: first.sessionId };
    const response = await client.post(`/api/v1/items/${itemId}/play`, body, stranger.headers);
    expect(PlayAnswer.parse(await response.json()).resumeMs).toBe(0);
    expect((await client.get(first.url)).status).toBe(200);
  });

  it('takes over the slot that it holds, however full the machine is', async () => {
    const { agent, first, play } = await watching(DEMO.hevc10);
    const full = { class: 'capacity', code: 'capacity-full', detail: 'Busy.' } as const;
    agent.refuses = full;
    agent.onClosed = () => {
      agent.refuses = null;
    };
    await expect.poll(async () => (await play({ replaces: first.sessionId })).status).toBe(200);
    expect(agent.closed).toMatchObject([{ session: first.sessionId }]);
  });
});

describe('what a person may take', () => {
  it('is set by admins alone, and bounds how many films run at once', async () => {
    const { client, viewer, first, play } = await watching();
    const admin = await signedIn('admin');
    const path = `/api/v1/users/${viewer.principal.userId}/limits`;
    const limits = { maxStreams: 1, maxRemoteKbps: null };
    expect((await client.call('PUT', path, { body: limits, headers: viewer.headers })).status).toBe(403);
    expect((await client.call('PUT', path, { body: limits, headers: admin.headers })).status).toBe(200);
    expect(await (await client.get(path, admin.headers)).json()).toEqual({ ...limits, own: true });

    expect(await play()).toMatchObject({ status: 403, problem: { code: 'stream-limit' } });
    const { play: second } = await play({ replaces: first.sessionId });
    expect(second?.sessionId).toMatch(/^ses_/);
    expect((await play()).problem?.code).toBe('stream-limit');
    await client.post(`/api/v1/sessions/${second?.sessionId}/stop`, { positionMs: 0 }, viewer.headers);
    await expect.poll(async () => (await play()).status).toBe(200);
  });

  it('is not given twice to two devices at the same moment', async () => {
    const { client, viewer, first, play } = await watching();
    const admin = await signedIn('admin');
    const body = { maxStreams: 2, maxRemoteKbps: null };
    await client.call('PUT', `/api/v1/users/${viewer.principal.userId}/limits`, { body, headers: admin.headers });
    const both = await Promise.all([play(), play()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(first.sessionId).toMatch(/^ses_/);
  });
});

describe('the line of a site', () => {
  it('is limited by admins, and what is left of it bounds a viewer elsewhere', async () => {
    const { client, agent, itemId, viewer } = await watching();
    const admin = await signedIn('admin');
    await fleet().agentAt(agent.id, '203.0.113.1');
    const site = await env.DB.prepare('SELECT site_id AS id FROM agent WHERE id = ?')
      .bind(agent.id)
      .first<{ id: number }>();
    const path = `/api/v1/sites/${site?.id}`;
    const set = (uplinkKbps: number | null) =>
      client.call('PUT', path, { body: { uplinkKbps }, headers: admin.headers });
    expect(await (await set(3_000)).json()).toMatchObject({ uplinkKbps: 3_000 });
    const from = (address: string) =>
      client.post(
        `/api/v1/items/${itemId}/play`,
        { profile: CHROMIUM },
        { ...viewer.headers, 'cf-connecting-ip': address },
      );
    const away = PlayAnswer.parse(await (await from('198.51.100.7')).json());
    expect(away.plan.reasons).toContainEqual({ code: 'bitrate-limit', detail: '3000 kbit/s' });
    await expect
      .poll(async () => (await fleet().standing()).sending.get(site?.id as number))
      .toBeGreaterThan(2_000_000);
    const second = await from('198.51.100.8');
    const answer: unknown = await second.json();
    const rate = PlayAnswer.safeParse(answer).data?.plan.video[0]?.bitrate ?? 0;
    expect(second.status === 429 || rate < 1_000_000).toBe(true);
    const home = PlayAnswer.parse(await (await from('203.0.113.1')).json());
    expect(home.plan.mode).toBe('remux');
    await set(null);
  });

  it('[UP3] is no more than its machine was measured to carry, where nobody has set a limit', async () => {
    const itemId = await addItem();
    const agent = await PlayingAgent.join('measured');
    const site = await env.DB.prepare("INSERT INTO site (name, created_at) VALUES ('Measured', 1) RETURNING id").first(
      'id',
    );
    await env.DB.prepare('UPDATE agent SET site_id = ? WHERE id = ?').bind(site, agent.id).run();
    await agent.hold(itemId, DEMO.twoLanguages);
    await fleet().agentAt(agent.id, '203.0.113.1');
    agent.send({ type: 'progress', ids: [], moved: [], uplink: 2_500_000 / 8 });
    const uplinkOf = async () => (await fleet().agents()).find(({ agentId }) => agentId === agent.id)?.uplink;
    await expect.poll(uplinkOf).toBe(2_500_000);
    const viewer = await signedIn('member');
    const from = async (address: string) => {
      const headers = { ...viewer.headers, 'cf-connecting-ip': address };
      return PlayAnswer.parse(
        await (await edgeClient().post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, headers)).json(),
      );
    };
    const away = await from('198.51.100.7');
    expect(away.plan).toMatchObject({ mode: 'transcode' });
    expect(away.plan.reasons).toContainEqual({ code: 'bitrate-limit', detail: '2500 kbit/s' });
    expect((await from('203.0.113.1')).plan.mode).toBe('remux');
  });
});
