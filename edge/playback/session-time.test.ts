import { describe, expect, it } from 'vitest';
import {
  agentId,
  candidate,
  REMUX,
  Surroundings,
  startedSession,
  TIMELINE,
} from '../../test/fakes/session-surroundings.ts';
import { LOST_LIMIT_MS, RESTING_LIMIT_MS } from './session-clock.ts';

const [A, B] = [agentId('a'), agentId('b')];
const shows = (positionMs: number) => ({ positionMs, state: 'playing' as const });

describe('a session after eviction', () => {
  it('knows its owner, its plan and its timeline', async () => {
    const { around } = await startedSession();
    const again = around.session();
    expect(again.owns(A, 1)).toBe(true);
    expect(again.owns(A, 2)).toBe(false);
    expect(again.owns(B, 1)).toBe(false);
    expect(again.manifest()).toEqual({ ok: true, plan: REMUX, timeline: TIMELINE });
    expect(await again.recover(1, 'liveness')).toMatchObject({ agentId: B, generation: 2 });
  });

  it('that was never started or was forgotten has ended: no ticket makes one', async () => {
    const around = new Surroundings();
    const session = around.session();
    expect(await session.recover(1, 'liveness')).toMatchObject({ code: 'session-ended' });
    expect(session.manifest()).toMatchObject({ code: 'session-ended' });
    expect(session.owns(A, 1)).toBe(false);
    expect(session.progress(7, shows(1))).toMatchObject({ code: 'not-found' });
    await session.alarm();
    expect(around.record).toBeNull();
  });
});

describe("an agent's word that it ended", () => {
  it('at the end of the lease lets the session rest, and the next request wakes it at the same place', async () => {
    const { around, session } = await startedSession();
    session.progress(7, shows(120_000));
    await session.agentEnded(A, 1, 'lease');
    expect(around.record).toMatchObject({ state: 'resting', positionMs: 120_000 });
    expect(await around.session().recover(1, 'session')).toEqual({ ok: true, agentId: A, generation: 2 });
    expect(around.record).toMatchObject({ state: 'playing', positionMs: 120_000, moves: 0 });
    expect(around.news).toEqual(['started', null, null, null]);
  });

  it('counts for nothing from an old owner, or twice', async () => {
    const { around, session } = await startedSession();
    await session.recover(1, 'liveness');
    await session.agentEnded(A, 1, 'lease');
    expect(around.record?.state).toBe('playing');
    await session.agentEnded(B, 2, 'lease');
    await session.agentEnded(B, 2, 'lease');
    expect(around.news).toEqual(['started', 'moved', null]);
  });

  it('does not end or lay to rest a session that waits for it, after a time without the edge', async () => {
    const { around, session } = await startedSession([candidate('a')]);
    await session.agentEnded(A, 1, 'shutdown');
    await session.agentEnded(A, 1, 'lease');
    expect(around.record?.state).toBe('lost');
    expect(await session.recover(1, 'session')).toMatchObject({ ok: true, agentId: A, generation: 2 });
  });

  it('on its way out leaves the session to the next request, or to its return', async () => {
    const { around, session } = await startedSession();
    await session.agentEnded(A, 1, 'shutdown');
    expect(around.record?.state).toBe('lost');
    expect(session.owns(A, 1)).toBe(true);
    expect(around.record?.state).toBe('playing');
    await session.agentEnded(A, 1, 'failed');
    expect(await session.recover(1, 'session')).toMatchObject({ ok: true, generation: 2 });
  });
});

describe("a session's alarm", () => {
  it('saves a position at most every fifteen seconds, and once however often it rings', async () => {
    const { around, session } = await startedSession();
    session.progress(7, shows(61_000));
    session.progress(7, shows(62_000));
    expect(around.alarmAt).toBe(around.time + 15_000);
    await session.alarm();
    expect(around.saved).toEqual([]);
    around.time += 15_000;
    await session.alarm();
    await session.alarm();
    expect(around.saved).toEqual([62_000]);
    session.progress(7, shows(63_000));
    await session.alarm();
    expect(around.saved).toEqual([62_000]);
  });

  it('keeps a position that the database does not take, and tries again', async () => {
    const { around, session } = await startedSession();
    around.databaseFails = true;
    expect(await session.stop(7, 100_000)).toMatchObject({ ok: true });
    expect(around.record).toMatchObject({ state: 'ended', unsaved: true });
    around.databaseFails = false;
    around.time = around.alarmAt as number;
    await around.session().alarm();
    expect(around.saved).toEqual([100_000]);
    expect(around.record?.unsaved).toBe(false);
  });

  it('ends what was lost for longer than players wait', async () => {
    const { around, session } = await startedSession();
    await session.agentEnded(A, 1, 'shutdown');
    expect(around.alarmAt).toBe(around.time + LOST_LIMIT_MS);
    around.time += LOST_LIMIT_MS;
    await around.session().alarm();
    expect(around.record?.state).toBe('ended');
  });

  it('ends what rested for half an hour, with its position saved and its agent told', async () => {
    const { around, session } = await startedSession();
    session.progress(7, shows(120_000));
    await session.agentEnded(A, 1, 'lease');
    around.time += RESTING_LIMIT_MS - 1;
    await around.session().alarm();
    expect(around.record?.state).toBe('resting');
    around.time += 1;
    await around.session().alarm();
    expect(around.record?.state).toBe('ended');
    expect(around.saved).toEqual([120_000]);
    expect(await around.session().recover(1, 'session')).toMatchObject({ code: 'session-ended' });
  });

  it('ends an opening that died with its object', async () => {
    const { around } = await startedSession();
    if (around.record) around.record = { ...around.record, state: 'opening', stateSince: around.time };
    around.time += 60_000;
    await around.session().alarm();
    expect(around.record?.state).toBe('ended');
  });

  it('gives up a move that died with its object', async () => {
    const { around } = await startedSession();
    if (around.record) around.record = { ...around.record, state: 'moving', stateSince: around.time };
    around.time += 60_000;
    await around.session().alarm();
    expect(around.record?.state).toBe('lost');
  });

  it('ends a session with its ticket, and forgets it later', async () => {
    const { around, session } = await startedSession();
    around.time += 86_400_000;
    await session.alarm();
    expect(around.record?.state).toBe('ended');
    around.time = around.alarmAt as number;
    await session.alarm();
    expect(around.record).toBeNull();
    expect(await session.recover(1, 'liveness')).toMatchObject({ code: 'session-ended' });
  });
});

describe('a session that an admin stops', () => {
  it('tells its viewer why, instead of being played again', async () => {
    const { around, session } = await startedSession();
    await session.revoke('Dinner is ready.');
    const told = { ok: false, code: 'session-stopped', detail: 'Dinner is ready.' };
    expect(await around.session().recover(1, 'session')).toEqual(told);
    expect(around.session().manifest()).toEqual(told);
    expect(around.ends).toEqual([{ agentId: A, generation: 1, to: null }]);
  });
});

describe('the links of a session’s agents', () => {
  it('learn of a move before the new owner is asked, and afterwards where it went', async () => {
    const { around, session } = await startedSession();
    let known: unknown = null;
    around.answers.set(B, () => {
      known = structuredClone(around.ends);
      return around.admitted(TIMELINE);
    });
    await session.recover(1, 'liveness');
    expect(known).toEqual([{ agentId: A, generation: 1, to: null }]);
    expect(around.ends.at(-1)).toMatchObject({ agentId: A, generation: 1, to: { agentId: B, generation: 2 } });
    await session.stop(7, 0);
    expect(around.ends.at(-1)).toEqual({ agentId: B, generation: 2, to: null });
  });
});

describe("a viewer's reports", () => {
  it('are taken from the session’s own user only', async () => {
    const { around, session } = await startedSession();
    expect(session.progress(8, shows(1_000))).toMatchObject({ ok: false, code: 'not-found' });
    expect(await session.stop(8, 1_000)).toMatchObject({ ok: false, code: 'not-found' });
    expect(around.record?.state).toBe('playing');
  });

  it('never lie beyond the end', async () => {
    const { around, session } = await startedSession();
    session.progress(7, shows(9_999_999));
    expect(around.record?.positionMs).toBe(3_600_000);
  });

  it('stop the agent’s work, save, and may be repeated', async () => {
    const { around, session } = await startedSession();
    expect(await session.stop(7, 100_000)).toMatchObject({ ok: true });
    expect(await session.stop(7, 5)).toMatchObject({ ok: true });
    expect(session.progress(7, shows(5))).toMatchObject({ code: 'session-ended' });
    expect(around.saved).toEqual([100_000]);
    expect(around.closed).toEqual([{ agentId: A, generation: 1 }]);
    expect(around.news.filter((news) => news === 'ended')).toHaveLength(1);
  });
});
