import { describe, expect, it } from 'vitest';
import { agentId, candidate, failure, startedSession, TIMELINE } from '../../test/fakes/session-surroundings.ts';

const [A, B, C] = [agentId('a'), agentId('b'), agentId('c')];
const there = (name: string) => ({
  ...{ agentId: agentId(name), online: true, slotsUsed: 0, slotsTotal: 2, videoEncoders: [], changedAt: 0 },
});

describe('[DR2] a session whose owner is to be stopped', () => {
  it('keeps its owner until another one has admitted it, and tells the old link before the old machine', async () => {
    const { around, session } = await startedSession();
    let meanwhile: unknown = null;
    around.answers.set(B, () => {
      meanwhile = { state: around.record?.state, owner: around.record?.owner?.agentId, ends: around.ends.length };
      return around.admitted(TIMELINE);
    });
    await session.handOver(A, 1);
    expect(meanwhile).toEqual({ state: 'playing', owner: A, ends: 0 });
    expect(around.record).toMatchObject({ state: 'playing', generation: 2, owner: { agentId: B }, moves: 1 });
    expect(around.ends).toEqual([{ agentId: A, generation: 1, to: { ok: true, agentId: B, generation: 2 } }]);
    expect(around.closed).toEqual([{ agentId: A, generation: 1 }]);
    expect(around.news).toEqual(['started', 'moved']);
    expect(await session.recover(1, 'session')).toMatchObject({ agentId: B, generation: 2 });
  });

  it('plays on where it is when nobody else can take it, and is moved by a failure later as ever', async () => {
    const { around, session } = await startedSession();
    around.answers.set(B, failure('capacity', 'capacity-full'));
    await session.handOver(A, 1);
    expect(around.record).toMatchObject({ state: 'playing', generation: 1, owner: { agentId: A }, moves: 0 });
    expect(around.closed).toEqual([]);
    around.answers.clear();
    expect(await session.recover(1, 'liveness')).toMatchObject({ agentId: B, generation: 3 });
  });

  it('never uses the generation of a hand-over that died with its object', async () => {
    const { around, session } = await startedSession();
    around.answers.set(B, failure('liveness', 'agent-offline'));
    await session.handOver(A, 1);
    around.answers.clear();
    expect(await around.session().recover(1, 'liveness')).toMatchObject({ agentId: B, generation: 3 });
  });

  it('is not handed over by an old owner’s word, nor while it rests, nor twice', async () => {
    const { around, session } = await startedSession([candidate('a'), candidate('b'), candidate('c')]);
    await session.handOver(B, 1);
    await session.handOver(A, 7);
    expect(around.opened).toHaveLength(1);
    await Promise.all([session.handOver(A, 1), session.handOver(A, 1)]);
    await session.handOver(A, 1);
    expect(around.opened.map((open) => open.agentId)).toEqual([A, B]);
    await session.agentEnded(B, 2, 'lease');
    await session.handOver(B, 2);
    expect(around.opened).toHaveLength(2);
    expect(around.record?.state).toBe('resting');
  });

  it('gives way to a move, when the old owner fails meanwhile', async () => {
    const { around, session } = await startedSession([candidate('a'), candidate('b'), candidate('c')]);
    let asked = 0;
    around.answers.set(B, async () => {
      if (asked++ > 0) return failure('liveness', 'agent-offline');
      await session.recover(1, 'liveness');
      return around.admitted(TIMELINE);
    });
    await session.handOver(A, 1);
    expect(around.record).toMatchObject({ state: 'playing', owner: { agentId: C } });
    const owner = around.record?.generation as number;
    expect(around.closed).toContainEqual({ agentId: B, generation: 2 });
    expect(around.closed.some(({ agentId: id, generation }) => id === C && generation === owner)).toBe(false);
  });
});

describe('a session whose bytes nobody has any more', () => {
  const alone = [candidate('a'), candidate('b', { fingerprint: 'e'.repeat(32) })];

  it('names another copy of the item that can be played instead', async () => {
    const { around, session } = await startedSession(alone);
    around.states = [there('a'), there('b')];
    around.answers.set(A, failure('liveness', 'agent-offline'));
    expect(await session.recover(1, 'liveness')).toMatchObject({
      ok: false,
      code: 'other-copy',
      detail: expect.stringContaining('agent b'),
    });
    expect(around.record?.state).toBe('lost');
    expect(around.opened.every((open) => open.agentId === A)).toBe(true);
  });

  it('names a copy that was not chosen, and none whose machine is away or is to be stopped', async () => {
    const { around, session } = await startedSession([candidate('a')]);
    if (around.record) {
      around.record.alternatives = [{ agentId: C, agentName: 'agent c', fingerprint: 'd'.repeat(32) }];
    }
    around.answers.set(A, failure('liveness', 'agent-offline'));
    around.states = [{ ...there('c'), draining: true }];
    expect(await around.session().recover(1, 'liveness')).toMatchObject({ code: 'agent-offline' });
    around.states = [{ ...there('c'), online: false }];
    around.time += 5_000;
    expect(await around.session().recover(1, 'liveness')).toMatchObject({ code: 'agent-offline' });
    around.states = [there('c')];
    around.time += 60_000;
    expect(await around.session().recover(1, 'liveness')).toMatchObject({ code: 'other-copy' });
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false });
  });

  it('goes on by itself where its machine is back before anyone has switched', async () => {
    const { around, session } = await startedSession(alone);
    around.states = [there('b')];
    around.answers.set(A, failure('liveness', 'agent-offline'));
    expect(await session.recover(1, 'liveness')).toMatchObject({ code: 'other-copy' });
    around.answers.clear();
    around.time += 5_000;
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: A });
  });

  it('waits for a machine with the same bytes that is only busy', async () => {
    const { around, session } = await startedSession([...alone, candidate('c')]);
    around.states = [there('b'), there('c')];
    around.answers.set(A, failure('liveness', 'agent-offline'));
    around.answers.set(C, failure('capacity', 'capacity-full'));
    expect(await session.recover(1, 'liveness')).toMatchObject({ code: 'capacity-full' });
  });
});

describe('a film that its viewer goes on with elsewhere', () => {
  it('is where it was last told to be and as much further as has passed, and not while it is paused', async () => {
    const { around, session } = await startedSession();
    session.progress(7, { positionMs: 60_000, state: 'playing', bufferedMs: 9_000, bitrate: 4_000 });
    around.time += 4_500;
    expect(session.placeOf(7)).toEqual({ itemId: 11, positionMs: 64_500, state: 'playing' });
    expect(session.placeOf(8)).toBeNull();
    session.progress(7, { positionMs: 70_000, state: 'paused' });
    around.time += 60_000;
    expect(session.placeOf(7)).toEqual({ itemId: 11, positionMs: 70_000, state: 'paused' });
  });

  it('never runs far ahead of a player that has fallen silent', async () => {
    const { around, session } = await startedSession();
    session.progress(7, { positionMs: 60_000, state: 'playing' });
    around.time += 600_000;
    expect(session.placeOf(7)?.positionMs).toBe(80_000);
  });

  it('ends here with a word, its place kept; nobody else can end it so', async () => {
    const { around, session } = await startedSession();
    session.progress(7, { positionMs: 60_000, state: 'playing' });
    around.time += 2_000;
    await session.leaveTo(8, 'no');
    expect(around.record?.state).toBe('playing');
    await session.leaveTo(7, 'You went on elsewhere.');
    expect(around.saved).toEqual([62_000]);
    expect(await session.recover(1, 'session')).toMatchObject({
      code: 'session-elsewhere',
      detail: 'You went on elsewhere.',
    });
    expect(await session.stop(7, 5)).toMatchObject({ ok: true });
    expect(around.record?.positionMs).toBe(62_000);
    expect(around.closed).toEqual([{ agentId: A, generation: 1 }]);
  });
});
