import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { FLEET_NAME } from '../../edge/playback/fleet-name.ts';
import { AuditPage } from '../../shared/api/audit.ts';
import { ActiveSessions, DownloadAnswer, OwnSessions, PlayAnswer } from '../../shared/api/playback.ts';
import { Problem } from '../../shared/errors.ts';
import { CHROMIUM, DEMO, mediaInfo } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, FILE_SIZE, PlayingAgent } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

async function keeper(role: 'member' | 'child' = 'member', media = mediaInfo()) {
  const itemId = await addItem();
  const agent = await PlayingAgent.join('the attic');
  await agent.hold(itemId, media);
  const viewer = await signedIn(role);
  const client = edgeClient();
  const download = (body: object = {}, headers: Record<string, string> = {}) =>
    client.post(`/api/v1/items/${itemId}/download`, body, { ...viewer.headers, ...headers });
  const play = () => client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
  return { itemId, agent, viewer, client, download, play };
}
const problem = async (response: Response) => Problem.parse(await response.json());
const answer = async (response: Response) => DownloadAnswer.parse(await response.json());

describe('a download', () => {
  it('is the file as it is under its title’s name, whatever plays it', async () => {
    const { download, client, agent } = await keeper('member', DEMO.hevc10);
    const { url, contentType } = await answer(await download({ device: 'Firefox on Linux' }));
    expect(agent.opened[0]?.plan).toMatchObject({ mode: 'direct', video: [], audio: [] });
    const response = await client.get(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, contentType]);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="A film/);
    expect((await response.arrayBuffer()).byteLength).toBe(FILE_SIZE);
  });

  it('goes on in ranges at the machine that has the same bytes, when its own is gone', async () => {
    const { download, client, agent, itemId } = await keeper();
    const twin = await PlayingAgent.join('the cellar');
    await twin.hold(itemId);
    const { results } = await env.DB.prepare('SELECT id FROM file WHERE agent_id = ?').bind(agent.id).all();
    const { url } = await answer(await download({ copyId: String(results[0]?.id) }));
    agent.leave();
    const rest = await client.get(url, { range: 'bytes=400-', 'user-agent': 'curl/8.5.0' });
    expect([rest.status, rest.headers.get('content-length')]).toEqual([206, String(FILE_SIZE - 400)]);
    expect(new Uint8Array(await rest.arrayBuffer())[0]).toBe(400 % 256);
    expect(twin.opened).toHaveLength(1);
  });

  it('is written down, is shown to admins as what it is, and is nothing to go on watching', async () => {
    const { download, client, viewer } = await keeper();
    const { sessionId } = await answer(await download({ device: 'Firefox on Linux' }));
    const admin = await signedIn('admin');
    const log = AuditPage.parse(
      await (await client.get('/api/v1/audit?event=title.downloaded', admin.headers)).json(),
    ).items;
    expect(log).toContainEqual(expect.objectContaining({ actor: viewer.principal.name, subject: 'A film' }));
    const shown = ActiveSessions.parse(await (await client.get('/api/v1/sessions', admin.headers)).json()).items;
    const { id, keeps, device } = shown.find((one) => one.id === sessionId) ?? {};
    expect({ id, keeps, device }).toEqual({ id: sessionId, keeps: true, device: 'Firefox on Linux' });
    const mine = OwnSessions.parse(await (await client.get('/api/v1/users/me/playing', viewer.headers)).json());
    expect(mine.items).toEqual([]);
  });

  it('is not for children, by no door', async () => {
    const { download, client, play } = await keeper('child');
    expect(await problem(await download())).toMatchObject({ status: 403, code: 'forbidden' });
    const { url } = PlayAnswer.parse(await (await play()).json());
    expect(await problem(await client.get(`${url}?download`))).toMatchObject({ status: 403, code: 'forbidden' });
    const watched = await client.get(url);
    expect(watched.status).toBe(200);
    await watched.arrayBuffer();
  });

  it('is not there for whom the title is not', async () => {
    const { download, viewer } = await keeper();
    await env.DB.prepare('INSERT INTO user_restriction (user_id, lib_mask) VALUES (?, 0)')
      .bind(viewer.principal.userId)
      .run();
    expect(await problem(await download())).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('takes no more than its person may take away from home, and counts as a film that is watched', async () => {
    const { download, agent, viewer } = await keeper();
    await env.FLEET.getByName(FLEET_NAME).agentAt(agent.id, '203.0.113.1');
    await env.DB.prepare('INSERT INTO user_limit (user_id, max_streams, max_remote_kbps) VALUES (?, 1, 4000)')
      .bind(viewer.principal.userId)
      .run();
    const away = await problem(await download({}, { 'cf-connecting-ip': '198.51.100.7' }));
    expect(away).toMatchObject({ status: 422, detail: expect.stringContaining('4000 kbit/s') });
    expect((await download({}, { 'cf-connecting-ip': '203.0.113.1' })).status).toBe(200);
    expect(await problem(await download())).toMatchObject({ code: 'stream-limit' });
  });
});
