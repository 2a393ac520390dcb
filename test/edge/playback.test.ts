import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { Problem } from '../../shared/errors.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import { CHROMIUM, DEMO, mediaInfo, videoStream } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, PlayingAgent } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

async function item(media: MediaInfo = mediaInfo()) {
  const itemId = await addItem();
  const agent = await PlayingAgent.join('the attic');
  await agent.hold(itemId, media);
  const { headers } = await signedIn('child');
  const client = edgeClient();
  const play = (body: object = {}, id: string | number = itemId) =>
    client.post(`/api/v1/items/${id}/play`, { profile: CHROMIUM, ...body }, headers);
  return { itemId, agent, play };
}
const problem = async (response: Response) => Problem.parse(await response.json());
const answer = async (response: Response) => PlayAnswer.parse(await response.json());

describe('to play an item', () => {
  it('answers a file where the device takes it as it is', async () => {
    const { play } = await item();
    const before = Date.now();
    const answered = await answer(await play());
    expect(answered).toMatchObject({
      plan: { mode: 'direct', reasons: [] },
      delivery: 'file',
      contentType: 'video/mp4',
      durationMs: 3_600_000,
      resumeMs: 0,
    });
    expect(answered.url).toMatch(/^\/stream\/[A-Za-z0-9_-]+\/file$/);
    expect(answered.expiresAt - before).toBeGreaterThan(86_390_000);
  });

  it('answers segments with every reason, and subtitles as files of their own', async () => {
    const { play } = await item(DEMO.twoLanguages);
    const answered = await answer(await play());
    expect(answered.plan.reasons.map(({ code }) => code)).toEqual([
      'container-not-supported',
      'audio-codec-not-supported',
    ]);
    expect(answered.subtitleUrls).toEqual([answered.url.replace('master.m3u8', 'subtitles/3.vtt')]);
  });

  it('takes the sound track, the bits and the copy that the viewer chose', async () => {
    const { play, agent, itemId } = await item(DEMO.twoLanguages);
    await play({ audioStream: 2 });
    expect(agent.opened[0]?.plan.audio.map((audio) => audio.default)).toEqual([false, false, true]);
    await play({ maxBitrate: 1_000_000 });
    expect(agent.opened[1]?.plan).toMatchObject({ mode: 'transcode', video: [{ id: 'v360' }] });
    await agent.hold(itemId);
    const { results } = await env.DB.prepare('SELECT id FROM file WHERE item_id = ? ORDER BY id').bind(itemId).all();
    const [first, second] = results.map(({ id }) => String(id));
    expect((await answer(await play())).copyId).toBe(second);
    expect((await answer(await play({ copyId: first }))).copyId).toBe(first);
  });

  it('[HS9] has text painted into the picture for a client that draws none, by a machine that can', async () => {
    const { play, itemId } = await item(DEMO.twoLanguages);
    const wish = { profile: { ...CHROMIUM, subtitles: [] }, subtitleStream: 3 };
    const refused = await problem(await play(wish));
    expect(refused).toMatchObject({ status: 422, detail: expect.stringContaining('cannot paint text') });
    const painter = await PlayingAgent.join('the cellar', { can: { paintsText: true } });
    await painter.hold(itemId, DEMO.twoLanguages);
    painter.tell({ kind: 'capacity', slotsUsed: 0, slotsTotal: 2 });
    await expect.poll(async () => (await play(wish)).status).toBe(200);
    const answered = await answer(await play(wish));
    expect(answered.plan.reasons).toContainEqual({ code: 'subtitle-burn-in', detail: 'subrip' });
    expect(answered.plan).toMatchObject({ mode: 'transcode', subtitles: [], burnable: [{ stream: 3 }] });
    expect(painter.opened[0]?.plan.video.every(({ burnIn }) => burnIn === 3)).toBe(true);
  });

  it('transcodes where the machine cannot find the keyframes', async () => {
    const { play, agent } = await item(DEMO.twoLanguages);
    agent.refuses = { class: 'content', code: 'conflict', detail: 'keyframes-unknown' };
    const refused = await problem(await play());
    expect(refused).toMatchObject({ status: 422, code: 'not-playable' });
    expect(agent.opened.map(({ plan }) => plan.mode)).toEqual(['remux', 'transcode']);
    expect(agent.opened[1]?.plan.reasons).toContainEqual({ code: 'keyframes-unknown' });
  });
});

describe('an item that cannot be played', () => {
  it('is named by the file that is broken, and by its machine', async () => {
    const { play, agent } = await item();
    agent.refuses = { class: 'content', code: 'content-broken', detail: 'It ends after 3 bytes.' };
    expect(await problem(await play())).toMatchObject({
      status: 422,
      code: 'content-broken',
      detail: 'The file on the attic cannot be played: It ends after 3 bytes.',
    });
  });

  it('plays from its other copy where one is broken', async () => {
    const { play, agent, itemId } = await item();
    agent.refuses = { class: 'content', code: 'content-broken', detail: 'It ends after 3 bytes.' };
    const other = await PlayingAgent.join('the cellar');
    await other.hold(itemId, mediaInfo({ video: [videoStream({ width: 1280, height: 720 })] }), 'e'.repeat(32));
    expect((await play()).status).toBe(200);
    expect(other.opened).toHaveLength(1);
  });

  it('is worth another try while its machine is busy', async () => {
    const { play, agent } = await item(DEMO.hevc10);
    agent.refuses = { class: 'capacity', code: 'capacity-full', detail: 'Two others watch.' };
    const response = await play();
    expect(response.headers.get('retry-after')).not.toBeNull();
    expect(await problem(response)).toMatchObject({
      status: 429,
      code: 'capacity-full',
      detail: expect.stringContaining('the attic: Two others watch.'),
      retryable: true,
    });
  });

  it('says which machine is off', async () => {
    const { play, agent } = await item();
    agent.leave();
    expect(await problem(await play())).toMatchObject({
      status: 503,
      code: 'agent-offline',
      detail: expect.stringContaining('the attic'),
    });
  });

  it('says what this device lacks', async () => {
    const { play } = await item(DEMO.hevc10);
    const bare = { ...CHROMIUM, segments: { containers: [], video: [], audio: [] } };
    expect(await problem(await play({ profile: bare }))).toMatchObject({
      status: 422,
      code: 'not-playable',
      detail: expect.stringContaining('Chromium'),
    });
  });

  it('is not there, has no file, or is a series', async () => {
    const { play } = await item();
    expect((await play({}, 999_999)).status).toBe(404);
    expect((await play({}, 'x')).status).toBe(404);
    expect((await play({}, await addItem())).status).toBe(404);
    expect((await play({ copyId: '999999' })).status).toBe(404);
    expect(await problem(await play({}, await addItem('series')))).toMatchObject({ status: 400, code: 'bad-request' });
    expect((await play({ profile: {} })).status).toBe(400);
  });
});
