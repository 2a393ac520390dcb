import { describe, expect, it } from 'vitest';
import {
  agentId,
  candidate,
  DIRECT,
  failure,
  REMUX,
  startedSession,
  TIMELINE,
  TRANSCODE,
} from '../../test/fakes/session-surroundings.ts';

const [A, B, C] = [agentId('a'), agentId('b'), agentId('c')];

describe('a session whose owner fails', () => {
  it('moves to the next agent with the same bytes and the same timeline', async () => {
    const { around, session } = await startedSession();
    expect(await session.recover(1, 'liveness')).toEqual({ ok: true, agentId: B, generation: 2 });
    expect(around.opened[1]?.params).toMatchObject({ generation: 2, timelineHash: TIMELINE.hash, plan: REMUX });
    expect(around.news).toEqual(['started', 'moved']);
    expect(around.closed).toEqual([{ agentId: A, generation: 1 }]);
  });

  it('moves once for a burst of failures', async () => {
    const { around, session } = await startedSession();
    const all = await Promise.all(Array.from({ length: 8 }, () => session.recover(1, 'liveness')));
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(around.opened).toHaveLength(2);
  });

  it('answers a late report of an old generation with the owner that it has', async () => {
    const { around, session } = await startedSession();
    await session.recover(1, 'liveness');
    expect(await session.recover(1, 'liveness')).toEqual({ ok: true, agentId: B, generation: 2 });
    expect(around.opened).toHaveLength(2);
  });

  it('goes back to the same agent first where that only lost the session', async () => {
    const { around, session } = await startedSession();
    expect(await session.recover(1, 'session')).toEqual({ ok: true, agentId: A, generation: 2 });
    expect(around.closed).toEqual([]);
  });

  it('never moves to other bytes, nor to an agent that would cut elsewhere', async () => {
    const { around, session } = await startedSession([
      candidate('a'),
      candidate('b', { fingerprint: 'e'.repeat(32) }),
      candidate('c'),
    ]);
    around.answers.set(A, failure('liveness', 'agent-offline'));
    around.answers.set(C, () => around.admitted({ ...TIMELINE, hash: 'b'.repeat(32) }));
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code: 'agent-offline' });
    expect(around.opened.some((open) => open.agentId === B)).toBe(false);
    expect(around.closed).toContainEqual({ agentId: C, generation: 2 });
  });

  it('moves a transcode only to a machine that can encode', async () => {
    const { around, session } = await startedSession([
      candidate('a', { plan: TRANSCODE }),
      candidate('b', { plan: REMUX }),
      candidate('c', { plan: REMUX, fallback: TRANSCODE }),
    ]);
    expect(await session.recover(1, 'liveness')).toMatchObject({ agentId: C });
    expect(around.opened.map((open) => open.agentId)).toEqual([A, C]);
  });

  it('moves direct play without a timeline', async () => {
    const { session } = await startedSession([candidate('a', { plan: DIRECT }), candidate('b', { plan: DIRECT })]);
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: B });
  });

  it('waits a little for an agent that comes back', async () => {
    const { around, session } = await startedSession([candidate('a')]);
    around.answers.set(A, () =>
      around.opened.length < 3 ? failure('liveness', 'agent-offline') : around.admitted(TIMELINE),
    );
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: A });
  });

  it('is stranded where nobody takes it, and can be taken up later', async () => {
    const { around, session } = await startedSession([candidate('a')]);
    around.answers.set(A, failure('liveness', 'agent-offline'));
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code: 'agent-offline' });
    expect(around.record?.state).toBe('lost');
    const asked = around.opened.length;
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code: 'agent-offline' });
    expect(around.opened).toHaveLength(asked);
    around.answers.clear();
    around.time += 5_000;
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: A });
    expect(around.record?.state).toBe('playing');
  });

  it('has moved once where another machine takes it up that was away too at first', async () => {
    const { around } = await startedSession();
    // It failed so often that it rests for longer than anybody waits: B alone is asked, in vain.
    const { time: at, record } = around;
    record?.failures.push(...Array.from({ length: 5 }, () => ({ agentId: A, at })));
    const session = around.session();
    for (const agent of [A, B]) around.answers.set(agent, failure('liveness', 'agent-offline'));
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code: 'agent-offline' });
    around.answers.delete(B);
    around.time += 5_000;
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: B });
    expect(around.record?.moves).toBe(1);
    expect(around.news.at(-1)).toBe('moved');
  });

  it.each([
    ['the only machine was away', 'liveness', 'agent-offline', ['a']],
    ['every machine was full', 'capacity', 'capacity-full', ['a', 'b', 'c']],
  ] as const)('goes on as soon as it can, however often its viewer asked while %s', async (_, kind, code, names) => {
    const { around, session } = await startedSession(names.map((name) => candidate(name)));
    for (const name of names) around.answers.set(agentId(name), failure(kind, code));
    for (const until = around.time + 110_000; around.time < until; around.time += 1_000) {
      expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code });
    }
    around.answers.delete(A);
    around.time += 1_000;
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: A });
  });

  it('says that the successor is busy', async () => {
    const { around, session } = await startedSession();
    around.answers.set(A, failure('liveness', 'agent-offline'));
    around.answers.set(B, failure('capacity', 'capacity-full'));
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code: 'capacity-full' });
  });

  it('leaves a flapping agent alone for a while', async () => {
    const { around, session } = await startedSession();
    let generation = 1;
    const owners: string[] = [];
    for (let i = 0; i < 4; i++) {
      const outcome = await session.recover(generation, 'session');
      if (!outcome.ok) break;
      generation = outcome.generation;
      owners.push(outcome.agentId);
    }
    // The second failure makes A rest, and then B's second failure B; A is back after its rest.
    expect(owners.slice(0, 3)).toEqual([A, B, B]);
    expect(around.record?.failures.length).toBeGreaterThanOrEqual(3);
  });

  it('stops moving when the viewer stops', async () => {
    const { around, session } = await startedSession();
    around.answers.set(B, async () => {
      await session.stop(7, 90_000);
      return around.admitted(TIMELINE);
    });
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code: 'session-ended' });
    expect(around.record?.state).toBe('ended');
    expect(around.closed).toContainEqual({ agentId: B, generation: 2 });
  });

  it('that cannot record a move fails the report, and is moved by the next', async () => {
    const { around, session } = await startedSession();
    around.storageFails = true;
    await expect(session.recover(1, 'liveness')).rejects.toThrow('the disk is full');
    around.storageFails = false;
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: B });
  });

  it('takes up a move that died with its object', async () => {
    const { around } = await startedSession();
    if (around.record) around.record = { ...around.record, state: 'moving', stateSince: around.time };
    expect(await around.session().recover(1, 'liveness')).toMatchObject({ ok: true, agentId: B, generation: 2 });
  });
});
