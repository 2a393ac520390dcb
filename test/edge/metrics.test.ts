import { expect, it } from 'vitest';
import { CHROMIUM } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, FILE_SIZE, PlayingAgent } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

it('tells an admin and nobody else what the links have carried', async () => {
  const client = edgeClient();
  const itemId = await addItem();
  const agent = await PlayingAgent.join('attic');
  await agent.hold(itemId);
  const viewer = await signedIn('member');
  const play = await client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
  const { url } = await play.json<{ url: string }>();
  await (await client.get(url)).arrayBuffer();

  expect((await client.get('/metrics')).status).toBe(401);
  expect((await client.get('/metrics', viewer.headers)).status).toBe(403);
  const admin = await signedIn('admin');
  const response = await client.get('/metrics', admin.headers);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  const lines = (await response.text()).split('\n');
  expect(lines).toContain(`hearthcast_link_bytes_total{agent="attic",site="Home"} ${FILE_SIZE}`);
  expect(lines).toContain('hearthcast_link_streams_completed_total{agent="attic",site="Home"} 1');
});
