import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { PlayAnswer } from '../../shared/api/playback.ts';
import { Problem } from '../../shared/errors.ts';
import { CHROMIUM, DEMO } from '../fakes/media-samples.ts';
import { edgeClient } from './edge-client.ts';
import { addItem, PlayingAgent } from './playing-agent.ts';
import { signedIn } from './signed-in.ts';

const fleet = () => env.FLEET.getByName('fleet');

/** A film that must be converted, on one machine with two slots, and what viewers are answered who want it. */
async function busyMachine() {
  const itemId = await addItem();
  const agent = await PlayingAgent.join(`agent ${itemId}`);
  await agent.hold(itemId, DEMO.hevc10);
  let seq = 0;
  const capacity = async (slotsUsed: number) => {
    agent.send({ type: 'event', seq: ++seq, event: { kind: 'capacity', slotsUsed, slotsTotal: 2 } });
    await expect.poll(async () => (await stateOf(agent))?.slotsUsed).toBe(slotsUsed);
  };
  const viewer = async () => {
    const { headers } = await signedIn('member');
    return async () => {
      const path = `/api/v1/items/${itemId}/play`;
      const response = await edgeClient().post(path, { profile: CHROMIUM }, headers);
      const body = await response.json();
      return response.ok ? PlayAnswer.parse(body).sessionId : Problem.parse(body).detail;
    };
  };
  return { agent, capacity, viewer };
}

const stateOf = async (agent: PlayingAgent) =>
  (await fleet().agents()).find((state) => state.agentId === agent.id) ?? null;

it('[EV4] what a machine encodes with is told with its load, and stands until it is told again', async () => {
  const { agent, capacity } = await busyMachine();
  const load = { kind: 'capacity', slotsUsed: 0, slotsTotal: 2 } as const;
  agent.send({ type: 'event', seq: 100, event: { ...load, videoEncoders: ['libx264', 'libsvtav1'] } });
  await expect.poll(async () => (await stateOf(agent))?.videoEncoders).toEqual(['libx264', 'libsvtav1']);
  await capacity(1);
  expect((await stateOf(agent))?.videoEncoders).toEqual(['libx264', 'libsvtav1']);
});

describe('the queue', () => {
  it('gives viewers places while all slots are taken, and starts them in order as slots are freed', async () => {
    const { agent, capacity, viewer } = await busyMachine();
    const [first, second] = [await viewer(), await viewer()];
    await capacity(2);
    expect(await first()).toContain('You are next');
    expect(await second()).toContain('You are number 2 in line');
    expect(agent.opened).toHaveLength(0);

    await capacity(1);
    expect(await second()).toContain('You are number 2 in line');
    expect(await first()).toMatch(/^ses_/);
    expect(await second()).toMatch(/^ses_/);
  });

  it('believes an agent that is full although the Fleet thought otherwise', async () => {
    const { agent, viewer } = await busyMachine();
    const ask = await viewer();
    await expect.poll(async () => (await stateOf(agent))?.online).toBe(true);
    agent.refuses = { class: 'capacity', code: 'capacity-full', detail: 'Busy.' };
    expect(await ask()).toContain('You are next');
    agent.refuses = null;
    expect(await ask()).toMatch(/^ses_/);
  });
});

describe('a Fleet that was thrown away', () => {
  it('lets people play, and knows everything again as agents and sessions tell it', async () => {
    const { agent, capacity, viewer } = await busyMachine();
    const [first, second] = [await viewer(), await viewer()];
    await capacity(2);
    expect(await first()).toContain('You are next');
    const helper = await PlayingAgent.join('helper');
    const work = { kind: 'previews', fingerprint: 'c'.repeat(32) };
    const atWork = async () =>
      (await fleet().agents()).filter((state) => state.background?.length).map((a) => a.agentId);
    expect(await helper.askLeave(work)).toMatchObject({ may: true });
    expect(await atWork()).toEqual([helper.id]);
    await runInDurableObject(fleet(), (_, { storage }) => storage.deleteAll());
    expect(await fleet().agents()).toEqual([]);

    // Whoever works on asks again; and of an agent of which there is no news its link tells within a minute.
    expect(await helper.askLeave(work)).toMatchObject({ may: true });
    await runDurableObjectAlarm(env.AGENT_LINK.getByName(helper.id));
    await expect.poll(atWork).toEqual([helper.id]);

    // Nothing is known of the agent: it is asked, and it alone decides.
    agent.refuses = { class: 'capacity', code: 'capacity-full', detail: 'Busy.' };
    expect(await first()).toContain('You are next');
    expect(await second()).toContain('You are number 2 in line');
    agent.refuses = null;
    await capacity(1);
    const session = await first();
    expect(session).toMatch(/^ses_/);
    await expect.poll(async () => (await fleet().sessions()).map(({ id }) => id)).toContain(session);
  });
});
