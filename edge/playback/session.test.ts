import { describe, expect, it } from 'vitest';
import {
  agentId,
  candidate,
  failure,
  REMUX,
  SESSION_ID,
  Surroundings,
  sessionStart,
  startedSession,
  TIMELINE,
  TRANSCODE,
} from '../../test/fakes/session-surroundings.ts';

const [A, B, C] = [agentId('a'), agentId('b'), agentId('c')];

describe('a session that starts', () => {
  it('is persisted before the first agent is asked', async () => {
    const around = new Surroundings();
    let seen: unknown;
    around.answers.set(A, () => {
      seen = around.record;
      return around.admitted(TIMELINE);
    });
    await around.session().start(sessionStart([candidate('a')]));
    expect(seen).toMatchObject({ state: 'opening', generation: 1, owner: { agentId: A } });
  });

  it('asks nobody where it cannot be persisted', async () => {
    const around = new Surroundings();
    around.storageFails = true;
    await expect(around.session().start(sessionStart([candidate('a')]))).rejects.toThrow('the disk is full');
    expect(around.opened).toEqual([]);
  });

  it('takes the first agent that admits it and says so', async () => {
    const { around, started } = await startedSession();
    expect(started).toMatchObject({ ok: true, agentId: A, generation: 1, plan: REMUX, file: { size: 1000 } });
    expect(around.news).toEqual(['started']);
    expect(around.opened[0]?.params).toMatchObject({ session: SESSION_ID, generation: 1, timelineHash: null });
  });

  it('passes over agents that are away or busy, each with a generation of its own', async () => {
    const around = new Surroundings();
    around.answers.set(A, failure('liveness', 'agent-offline'));
    around.answers.set(B, failure('capacity', 'capacity-full'));
    const started = await around.session().start(sessionStart([candidate('a'), candidate('b'), candidate('c')]));
    expect(started).toMatchObject({ ok: true, agentId: C, generation: 3 });
  });

  it('says that all are busy where one could be waited for', async () => {
    const around = new Surroundings();
    around.answers.set(A, failure('capacity', 'capacity-full'));
    around.answers.set(B, failure('liveness', 'agent-offline'));
    const started = await around.session().start(sessionStart([candidate('a'), candidate('b')]));
    expect(started).toMatchObject({ ok: false, code: 'capacity-full', detail: expect.stringContaining('agent a') });
    expect(around.record?.state).toBe('ended');
  });

  it('says which machines are away', async () => {
    const around = new Surroundings();
    around.answers.set(A, failure('liveness', 'agent-offline'));
    const started = await around.session().start(sessionStart([candidate('a')]));
    expect(started).toMatchObject({ code: 'agent-offline', detail: expect.stringContaining('agent a') });
  });

  it('tries the next copy of a broken file, and names the file where there is none', async () => {
    const around = new Surroundings();
    around.answers.set(A, failure('content', 'content-broken'));
    const other = candidate('b', { fingerprint: 'e'.repeat(32) });
    expect(await around.session().start(sessionStart([candidate('a'), other]))).toMatchObject({ ok: true, agentId: B });

    const alone = new Surroundings();
    alone.answers.set(A, failure('content', 'content-broken'));
    expect(await alone.session().start(sessionStart([candidate('a')]))).toMatchObject({
      code: 'content-broken',
      detail: expect.stringContaining('The file on agent a'),
    });
  });

  it('does not bounce broken bytes through every agent that has them', async () => {
    const around = new Surroundings();
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => candidate(name));
    for (const { agentId } of all) around.answers.set(agentId, failure('content', 'content-broken'));
    await around.session().start(sessionStart(all));
    expect(around.opened).toHaveLength(2);
  });

  it.each([
    failure('content', 'not-playable'),
    { ok: false as const, class: 'content' as const, code: 'conflict' as const, detail: 'keyframes-unknown' },
  ])('transcodes where the agent cannot copy the picture', async (refusal) => {
    const around = new Surroundings();
    around.answers.set(A, () => (around.opened.length === 1 ? refusal : around.admitted(TIMELINE)));
    const started = await around.session().start(sessionStart([candidate('a', { fallback: TRANSCODE })]));
    expect(started).toMatchObject({ ok: true, agentId: A, generation: 2, plan: { mode: 'transcode' } });
  });

  it('gives a repeated start the same answer', async () => {
    const { around, session, started } = await startedSession();
    expect(await session.start(sessionStart([candidate('b')]))).toEqual(started);
    expect(around.opened).toHaveLength(1);
  });

  it('that was stopped meanwhile closes what is opened too late', async () => {
    const around = new Surroundings();
    const session = around.session();
    around.answers.set(A, async () => {
      await session.revoke();
      return around.admitted(TIMELINE);
    });
    const started = await session.start(sessionStart([candidate('a'), candidate('b')]));
    expect(started).toMatchObject({ ok: false, code: 'session-ended' });
    expect(around.closed).toContainEqual({ agentId: A, generation: 1 });
    expect(around.opened).toHaveLength(1);
  });

  it('that cannot record an admission closes it again', async () => {
    const around = new Surroundings();
    around.answers.set(A, () => {
      around.storageFails = true;
      return around.admitted(TIMELINE);
    });
    await expect(around.session().start(sessionStart([candidate('a')]))).rejects.toThrow('the disk is full');
    expect(around.closed).toEqual([{ agentId: A, generation: 1 }]);
    expect(around.record?.state).toBe('opening');
  });
});
