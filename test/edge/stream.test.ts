import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { Problem } from '../../shared/errors.ts';
import { MAX_RANGE_BYTES } from '../../shared/media/byte-range.ts';
import { CHROMIUM, DEMO, mediaInfo } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, FILE_SIZE, PlayingAgent, textOf } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

const REMUX = DEMO.twoLanguages;
const LONG_FILE = MAX_RANGE_BYTES + 1_000_000;
const ETAG = `"${'f'.repeat(32)}"`;

/** A film that is playing from the first of its agents. */
async function playing(media = mediaInfo(), names = ['a'], size = FILE_SIZE) {
  const itemId = await addItem();
  const agents: PlayingAgent[] = [];
  for (const name of names) {
    const agent = await PlayingAgent.join(name);
    agent.size = size;
    await agent.hold(itemId, media);
    agents.push(agent);
  }
  const viewer = await signedIn('member');
  const client = edgeClient();
  const answer = await client.post(`/api/v1/items/${itemId}/play`, { profile: CHROMIUM }, viewer.headers);
  expect(answer.status).toBe(200);
  const play = PlayAnswer.parse(await answer.json());
  const base = play.url.slice(0, play.url.lastIndexOf('/'));
  return { agents: agents as [PlayingAgent, ...PlayingAgent[]], viewer, client, play, base };
}

const problemOf = async (response: Response) => Problem.parse(await response.json());

describe('a file as it is', () => {
  it('comes whole without a range, with its length and its own tag', async () => {
    const { client, play } = await playing();
    const response = await client.get(play.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(FILE_SIZE));
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(response.headers.get('etag')).toBe(ETAG);
    expect((await response.arrayBuffer()).byteLength).toBe(FILE_SIZE);
  });

  it('comes in ranges', async () => {
    const { client, play, agents } = await playing();
    const response = await client.get(play.url, { range: 'bytes=100-299' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes 100-299/${FILE_SIZE}`);
    expect(response.headers.get('content-length')).toBe('200');
    expect(new Uint8Array(await response.arrayBuffer())[0]).toBe(100);
    expect(agents[0].asked[0]?.range).toEqual({ start: 100, end: 299 });
  });

  it.each([
    ['a part to a player that was seen to ask for the next one', 'libmpv', MAX_RANGE_BYTES],
    ['all that was asked for to a client that takes the first answer for the whole', 'curl/8.5.0', LONG_FILE],
  ])('comes as %s', async (_, userAgent, length) => {
    const { client, play, agents } = await playing(mediaInfo(), ['a'], LONG_FILE);
    const response = await client.get(play.url, { range: 'bytes=0-', 'user-agent': userAgent });
    expect([response.status, response.headers.get('content-length')]).toEqual([206, String(length)]);
    expect(response.headers.get('content-range')).toBe(`bytes 0-${length - 1}/${LONG_FILE}`);
    expect((await response.arrayBuffer()).byteLength).toBe(length);
    expect(agents[0].asked[0]?.range).toEqual({ start: 0, end: length - 1 });
  });

  it('comes in ranges far behind the fourth gigabyte', async () => {
    const size = 95_000_000_003;
    const { client, play, agents } = await playing(mediaInfo(), ['a'], size);
    const response = await client.get(play.url, { range: 'bytes=94999999990-' });
    expect(response.headers.get('content-range')).toBe(`bytes 94999999990-${size - 1}/${size}`);
    expect((await response.arrayBuffer()).byteLength).toBe(13);
    expect(agents[0].asked[0]?.range).toEqual({ start: 94_999_999_990, end: size - 1 });
  });

  it('comes in a range only while it is the file that the player knows', async () => {
    const { client, play } = await playing();
    const same = await client.get(play.url, { range: 'bytes=0-9', 'if-range': ETAG });
    const other = await client.get(play.url, { range: 'bytes=0-9', 'if-range': '"other"' });
    expect([same.status, other.status]).toEqual([206, 200]);
    await Promise.all([same.arrayBuffer(), other.arrayBuffer()]);
  });

  it('has no range behind its end, and says how long it is, without asking anyone', async () => {
    const { client, play, agents } = await playing();
    const response = await client.get(play.url, { range: `bytes=${FILE_SIZE}-` });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${FILE_SIZE}`);
    expect(agents[0].asked).toEqual([]);
  });

  it('tells its length to HEAD, without asking anyone', async () => {
    const { play, agents } = await playing();
    const response = await exports.default.fetch(`http://edge.test${play.url}`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(FILE_SIZE));
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(agents[0].asked).toEqual([]);
  });

  it('comes under the name of its title where it is to be kept', async () => {
    const { client, play } = await playing();
    const response = await client.get(`${play.url}?download`, { range: 'bytes=0-9' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[^"]+\.mp4"; filename\*=UTF-8''/,
    );
    await response.arrayBuffer();
    const shown = await client.get(play.url, { range: 'bytes=0-9' });
    expect(shown.headers.get('content-disposition')).toBeNull();
    await shown.arrayBuffer();
  });

  it('is what the ticket says it is, and is kept from other origins and from caches', async () => {
    const { client, play } = await playing();
    const response = await client.get(play.url);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    await response.arrayBuffer();
  });

  it('has no playlists', async () => {
    const { client, base } = await playing();
    expect((await client.get(`${base}/master.m3u8`)).status).toBe(404);
  });
});

describe('segments', () => {
  it('are found from the master playlist down', async () => {
    const { client, play, base } = await playing(REMUX);
    expect(play).toMatchObject({ delivery: 'hls', contentType: 'application/vnd.apple.mpegurl' });
    const master = await textOf(await client.get(play.url));
    expect(master).toContain('vcopy/index.m3u8');
    const index = await client.get(`${base}/vcopy/index.m3u8`);
    expect(index.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
    expect((await textOf(index)).match(/^\d+\.m4s$/gm)).toEqual(['0.m4s', '1.m4s', '2.m4s']);
    expect(await textOf(await client.get(`${base}/vcopy/init.mp4`))).toBe('a {"kind":"init","rendition":"vcopy"}');
    const segment = await client.get(`${base}/a2/2.m4s`);
    expect(segment.headers.get('cache-control')).toContain('private');
    expect(await textOf(segment)).toBe('a {"kind":"segment","rendition":"a2","k":2}');
    expect(await textOf(await client.get(`${base}/manifest.mpd`))).toContain('<MPD');
    const subtitles = await client.get(play.subtitleUrls[0] as string);
    expect(subtitles.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
    await textOf(subtitles);
  });

  it('and playlists, files and ranges read nothing of the database', async () => {
    const remux = await playing(REMUX);
    const direct = await playing();
    const client = edgeClient();
    for (const path of [
      'master.m3u8',
      'manifest.mpd',
      'vcopy/index.m3u8',
      'vcopy/init.mp4',
      'vcopy/0.m4s',
      'a1/1.m4s',
    ]) {
      const response = await client.get(`${remux.base}/${path}`);
      expect([path, response.status]).toEqual([path, 200]);
      await textOf(response);
    }
    await textOf(await client.get(remux.play.subtitleUrls[0] as string));
    await textOf(await client.get(direct.play.url));
    await textOf(await client.get(direct.play.url, { range: 'bytes=0-9' }));
    expect(client.statements()).toBe(0);
    await client.get('/api/v1/home', remux.viewer.headers);
    expect(client.statements()).toBeGreaterThan(0);
  });

  it('of names that no session has are not found', async () => {
    const { client, base } = await playing(REMUX);
    for (const path of [
      'v9/index.m3u8',
      'V9/init.mp4',
      'vcopy/x.m4s',
      'vcopy/-1.m4s',
      'vcopy/9999999.m4s',
      'nothing',
      'file',
    ]) {
      expect([path, (await client.get(`${base}/${path}`)).status]).toEqual([path, 404]);
    }
  });

  it('are refused without a good ticket', async () => {
    const { client, base, play } = await playing(REMUX);
    const ticket = base.split('/').at(-1) as string;
    for (const word of ['x', ticket.slice(1), ticket.replace(/.{4}$/, 'AAAA'), `A${ticket.slice(1)}`]) {
      const response = await client.get(`/stream/${word}/vcopy/0.m4s`);
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'ticket-invalid' });
    }
    const later = edgeClient({ clock: { now: play.expiresAt } });
    expect((await later.get(`${base}/vcopy/0.m4s`)).status).toBe(401);
  });
});

describe('an owner that fails', () => {
  it('is replaced within the same request, and later requests go to the new owner at once', async () => {
    const { client, base, agents } = await playing(REMUX, ['a', 'b']);
    const [a, b] = agents as [PlayingAgent, PlayingAgent];
    const owner = a.opened.length > 0 ? a : b;
    const other = owner === a ? b : a;
    owner.leave();
    const first = await client.get(`${base}/vcopy/1.m4s`);
    expect([first.status, await textOf(first)]).toEqual([
      200,
      `${other.name} {"kind":"segment","rendition":"vcopy","k":1}`,
    ]);
    expect(other.opened).toMatchObject([{ generation: 2, timelineHash: 'a'.repeat(32) }]);
    await textOf(await client.get(`${base}/vcopy/2.m4s`));
    expect(other.asked.map((frame) => frame.generation)).toEqual([2, 2]);
  });

  it('is replaced once for all requests that fail together, in any isolate', async () => {
    const { base, agents } = await playing(REMUX, ['a', 'b']);
    const [a, b] = agents as [PlayingAgent, PlayingAgent];
    const owner = a.opened.length > 0 ? a : b;
    const other = owner === a ? b : a;
    owner.leave();
    const clients = [edgeClient(), edgeClient(), edgeClient()];
    const answers = await Promise.all(clients.map((client, k) => client.get(`${base}/vcopy/${k}.m4s`)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    await Promise.all(answers.map(textOf));
    expect(other.opened).toHaveLength(1);
  });

  it('[SE1] [SE2] is not asked again for a session that has left it: old tickets are sent on by its link', async () => {
    const { agents, base, play } = await playing(REMUX, ['a', 'b']);
    const session = env.PLAYBACK_SESSION.getByName(play.sessionId);
    const owner = agents.find((agent) => agent.opened.length > 0) as PlayingAgent;
    await session.recover({ generation: 1, failure: 'liveness' });
    await expect.poll(async () => (await edgeClient().get(`${base}/vcopy/1.m4s`)).status).toBe(200);
    const asked = owner.asked.length;
    expect(await textOf(await edgeClient().get(`${base}/vcopy/2.m4s`))).toContain('"k":2');
    expect(asked).toBe(0);
    expect(owner.asked).toHaveLength(0);
  });

  it('and only lost the session is given it again', async () => {
    const { client, base, agents } = await playing(REMUX);
    agents[0].fails = { class: 'session', code: 'session-ended', detail: 'unknown here' };
    const answer = client.get(`${base}/vcopy/1.m4s`);
    await expect.poll(() => agents[0].opened.length).toBe(2);
    expect((await problemOf(await answer)).code).toBe('session-ended');
    agents[0].fails = null;
    expect((await client.get(`${base}/vcopy/1.m4s`)).status).toBe(200);
    expect(agents[0].asked.at(-1)?.generation).toBe(2);
  });

  it('by being busy is asked again later, and nothing moves', async () => {
    const { client, base, agents } = await playing(REMUX);
    agents[0].fails = { class: 'capacity', code: 'capacity-full', detail: 'all slots are taken' };
    const response = await client.get(`${base}/vcopy/1.m4s`);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(agents[0].opened).toHaveLength(1);
  });

  it('by a broken file says so, and nothing moves', async () => {
    const { client, base, agents } = await playing(REMUX);
    agents[0].fails = { class: 'content', code: 'content-broken', detail: 'There is no picture after 12:03.' };
    expect(await problemOf(await client.get(`${base}/vcopy/1.m4s`))).toMatchObject({
      status: 422,
      code: 'content-broken',
      detail: 'There is no picture after 12:03. It lies on a.',
      retryable: false,
    });
    expect(agents[0].opened).toHaveLength(1);
  });
});

describe('the end', () => {
  it('of a session is the end of its ticket', async () => {
    const { client, base, play, viewer, agents } = await playing(REMUX);
    const stop = await client.post(`/api/v1/sessions/${play.sessionId}/stop`, { positionMs: 1 }, viewer.headers);
    expect(stop.status).toBe(204);
    expect(agents[0].closed).toMatchObject([{ session: play.sessionId, generation: 1 }]);
    agents[0].fails = { class: 'session', code: 'session-ended', detail: 'unknown here' };
    expect((await problemOf(await client.get(`${base}/vcopy/1.m4s`))).status).toBe(410);
    expect((await client.get(play.url)).status).toBe(410);
    expect(agents[0].opened).toHaveLength(1);
  });

  it('[SE3] of a session cuts a body that is on its way', async () => {
    const { client, play, viewer, agents } = await playing();
    agents[0].stalls = true;
    const response = await client.get(play.url);
    const body = expect(response.arrayBuffer()).rejects.toThrow();
    await expect.poll(() => agents[0].asked.length).toBe(1);
    await client.post(`/api/v1/sessions/${play.sessionId}/stop`, { positionMs: 1 }, viewer.headers);
    await body;
    await expect.poll(() => agents[0].cancelled).toEqual([agents[0].asked[0]?.id]);
  });

  it("of a viewer's request ends the agent's work, and moves nothing", async () => {
    const { base, agents } = await playing(REMUX);
    agents[0].fails = 'silent';
    const leaving = new AbortController();
    const answer = exports.default.fetch(`http://edge.test${base}/vcopy/1.m4s`, { signal: leaving.signal });
    await expect.poll(() => agents[0].asked.length).toBe(1);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await expect.poll(() => agents[0].cancelled).toEqual([agents[0].asked[0]?.id]);
    expect(agents[0].opened).toHaveLength(1);
  });
});

it('knows of no session that a ticket alone could make', async () => {
  const session = env.PLAYBACK_SESSION.getByName(`ses_${'n'.repeat(22)}`);
  expect(await session.recover({ generation: 1, failure: 'liveness' })).toMatchObject({ code: 'session-ended' });
});
