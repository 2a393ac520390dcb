import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { CHROMIUM, DEMO, mediaInfo } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, PlayingAgent, textOf } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

async function playing(media = DEMO.twoLanguages, resources?: readonly string[]) {
  const itemId = await addItem();
  const agent = await PlayingAgent.join(crypto.randomUUID(), { resources });
  await agent.hold(itemId, media);
  const viewer = await signedIn('member');
  const client = edgeClient();
  const answer = await client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
  const play = PlayAnswer.parse(await answer.json());
  const base = play.url.slice(0, play.url.lastIndexOf('/'));
  return { agent, client, play, base, itemId, viewer };
}

describe('previews', () => {
  it('are found by the address that playing answers, and read nothing of the database', async () => {
    const { play, base, agent } = await playing();
    expect(play.trickplayUrl).toBe(`${base}/trickplay/trickplay.vtt`);
    const cold = edgeClient();
    const track = await cold.get(play.trickplayUrl as string);
    expect([track.status, track.headers.get('content-type')]).toEqual([200, 'text/vtt; charset=utf-8']);
    await textOf(track);
    const sheet = await cold.get(`${base}/trickplay/12.jpg`);
    expect(Object.fromEntries(sheet.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cache-control': 'private, max-age=3600',
    });
    await textOf(sheet);
    expect(agent.asked.map(({ resource }) => resource)).toEqual([
      { kind: 'trickplay', sheet: null },
      { kind: 'trickplay', sheet: 12 },
    ]);
    expect(cold.statements()).toBe(0);
  });

  it('are none of sound alone, and of names that no sheet has', async () => {
    expect((await playing(DEMO.song)).play.trickplayUrl).toBeNull();
    const { client, base } = await playing();
    for (const path of ['x.jpg', '-1.jpg', '1000.jpg', '1.png']) {
      expect([path, (await client.get(`${base}/trickplay/${path}`)).status]).toEqual([path, 404]);
    }
  });

  it('[BY10] are not asked of an agent that does not know them: they are not there, and nothing moves', async () => {
    const { agent, client, base } = await playing(DEMO.twoLanguages, []);
    expect((await client.get(`${base}/trickplay/0.jpg`)).status).toBe(404);
    expect(agent.asked).toEqual([]);
    expect(agent.opened).toHaveLength(1);
  });
});

describe('subtitles in windows', () => {
  it('are found from the master playlist down, and read nothing of the database', async () => {
    const { base, play, agent } = await playing();
    const cold = edgeClient();
    expect(await textOf(await cold.get(play.url))).toContain('URI="subtitles/3/index.m3u8"');
    const index = await textOf(await cold.get(`${base}/subtitles/3/index.m3u8`));
    expect(index.match(/^\d+\.vtt$/gm)).toEqual(['0.vtt']);
    expect((await cold.get(`${base}/subtitles/9/index.m3u8`)).status).toBe(404);
    const window = await cold.get(`${base}/subtitles/3/0.vtt`);
    expect(window.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
    await textOf(window);
    expect(agent.asked.at(-1)?.resource).toEqual({ kind: 'subtitle', stream: 3, window: 0 });
    expect(cold.statements()).toBe(0);
  });

  it('and in ASS come as what they are', async () => {
    const { base, client, agent } = await playing();
    const response = await client.get(`${base}/subtitles/3.ass`);
    expect(response.headers.get('content-type')).toBe('text/x-ssa; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    await textOf(response);
    expect(agent.asked.at(-1)?.resource).toEqual({ kind: 'subtitle', stream: 3, form: 'ass' });
    const fonts = await client.get(`${base}/fonts/fonts.json`);
    const font = await client.get(`${base}/fonts/5`);
    expect([fonts, font].map(({ headers }) => headers.get('content-type'))).toEqual(['application/json', 'font/ttf']);
    await Promise.all([textOf(fonts), textOf(font)]);
  });
});

describe('the picture of a chapter', () => {
  const chapters = [
    { startMs: 0, title: 'One' },
    { startMs: 600_000, title: null },
  ];
  beforeEach(async () => {
    for (const { key } of (await env.IMAGES.list()).objects) await env.IMAGES.delete(key);
  });

  it('is made by a machine that has the film, once', async () => {
    const { agent, client, itemId, viewer } = await playing(mediaInfo({ chapters }));
    const ask = () => client.get(`/api/v1/items/${itemId}/chapters/1?w=200`, viewer.headers);
    for (const response of [await ask(), await ask()]) {
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      await textOf(response);
    }
    const stills = agent.asked.map(({ resource }) => resource).filter(({ kind }) => kind === 'still');
    expect(stills).toMatchObject([{ kind: 'still', atMs: 602_000, width: 200 }]);
  });

  it('is not there for an item without it, nor for who may not see the item', async () => {
    const { client, itemId, viewer } = await playing(mediaInfo({ chapters }));
    expect((await client.get(`/api/v1/items/${itemId}/chapters/2`, viewer.headers)).status).toBe(404);
    expect((await client.get(`/api/v1/items/${itemId + 1000}/chapters/0`, viewer.headers)).status).toBe(404);
    expect((await client.get(`/api/v1/items/${itemId}/chapters/0?w=123`, viewer.headers)).status).toBe(400);
  });
});
