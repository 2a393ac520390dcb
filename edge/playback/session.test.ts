import { describe, expect, it } from 'vitest';
import {
  agentId,
  candidate,
  DIRECT,
  failure,
  REMUX,
  SESSION_ID,
  Surroundings,
  sessionStart,
  TIMELINE,
  TRANSCODE,
} from '../../test/fakes/session-surroundings.ts';
import type { Candidate } from './session-record.ts';

const [A, B, C] = [agentId('a'), agentId('b'), agentId('c')];

async function playing(candidates: Candidate[] = [candidate('a'), candidate('b')]) {
  const around = new Surroundings();
  const session = around.session();
  const started = await session.start(sessionStart(candidates, around.time));
  return { around, session, started };
}

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
    const { around, started } = await playing();
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

  it('transcodes where the agent cannot tell the keyframes', async () => {
    const around = new Surroundings();
    around.answers.set(A, () =>
      around.opened.length === 1 ? failure('content', 'not-playable') : around.admitted(TIMELINE),
    );
    const started = await around.session().start(sessionStart([candidate('a', { fallback: TRANSCODE })]));
    expect(started).toMatchObject({ ok: true, agentId: A, generation: 2, plan: { mode: 'transcode' } });
  });

  it('gives a repeated start the same answer', async () => {
    const { around, session, started } = await playing();
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

describe('a session whose owner fails', () => {
  it('moves to the next agent with the same bytes and the same timeline', async () => {
    const { around, session } = await playing();
    expect(await session.recover(1, 'liveness')).toEqual({ ok: true, agentId: B, generation: 2 });
    expect(around.opened[1]?.params).toMatchObject({ generation: 2, timelineHash: TIMELINE.hash, plan: REMUX });
    expect(around.news).toEqual(['started', 'moved']);
    expect(around.closed).toEqual([{ agentId: A, generation: 1 }]);
  });

  it('moves once for a burst of failures', async () => {
    const { around, session } = await playing();
    const all = await Promise.all(Array.from({ length: 8 }, () => session.recover(1, 'liveness')));
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(around.opened).toHaveLength(2);
  });

  it('answers a late report of an old generation with the owner that it has', async () => {
    const { around, session } = await playing();
    await session.recover(1, 'liveness');
    expect(await session.recover(1, 'liveness')).toEqual({ ok: true, agentId: B, generation: 2 });
    expect(around.opened).toHaveLength(2);
  });

  it('goes back to the same agent first where that only lost the session', async () => {
    const { around, session } = await playing();
    expect(await session.recover(1, 'session')).toEqual({ ok: true, agentId: A, generation: 2 });
    expect(around.closed).toEqual([]);
  });

  it('never moves to other bytes, nor to an agent that would cut elsewhere', async () => {
    const { around, session } = await playing([
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
    const { around, session } = await playing([
      candidate('a', { plan: TRANSCODE }),
      candidate('b', { plan: REMUX }),
      candidate('c', { plan: REMUX, fallback: TRANSCODE }),
    ]);
    expect(await session.recover(1, 'liveness')).toMatchObject({ agentId: C });
    expect(around.opened.map((open) => open.agentId)).toEqual([A, C]);
  });

  it('moves direct play without a timeline', async () => {
    const { session } = await playing([candidate('a', { plan: DIRECT }), candidate('b', { plan: DIRECT })]);
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: B });
  });

  it('waits a little for an agent that comes back', async () => {
    const { around, session } = await playing([candidate('a')]);
    around.answers.set(A, () =>
      around.opened.length < 3 ? failure('liveness', 'agent-offline') : around.admitted(TIMELINE),
    );
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: A });
  });

  it('is stranded where nobody takes it, and can be taken up later', async () => {
    const { around, session } = await playing([candidate('a')]);
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

  it('says that the successor is busy', async () => {
    const { around, session } = await playing();
    around.answers.set(A, failure('liveness', 'agent-offline'));
    around.answers.set(B, failure('capacity', 'capacity-full'));
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code: 'capacity-full' });
  });

  it('leaves a flapping agent alone for a while', async () => {
    const { around, session } = await playing();
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
    const { around, session } = await playing();
    around.answers.set(B, async () => {
      await session.stop(7, 90_000);
      return around.admitted(TIMELINE);
    });
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code: 'session-ended' });
    expect(around.record?.state).toBe('ended');
    expect(around.closed).toContainEqual({ agentId: B, generation: 2 });
  });

  it('that cannot record a move fails the report, and is moved by the next', async () => {
    const { around, session } = await playing();
    around.storageFails = true;
    await expect(session.recover(1, 'liveness')).rejects.toThrow('the disk is full');
    around.storageFails = false;
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: B });
  });

  it('takes up a move that died with its object', async () => {
    const { around } = await playing();
    if (around.record) around.record = { ...around.record, state: 'moving', stateSince: around.time };
    expect(await around.session().recover(1, 'liveness')).toMatchObject({ ok: true, agentId: B, generation: 2 });
  });
});

describe('a session after eviction', () => {
  it('knows its owner, its plan and its timeline', async () => {
    const { around } = await playing();
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
    expect(session.progress(7, 1)).toMatchObject({ code: 'not-found' });
    await session.alarm();
    expect(around.record).toBeNull();
  });
});

describe("an agent's word that it ended", () => {
  it('ends the session at the end of the lease, and keeps the position', async () => {
    const { around, session } = await playing();
    session.progress(7, 120_000);
    await session.agentEnded(A, 1, 'lease');
    expect(around.record?.state).toBe('ended');
    expect(around.saved).toEqual([120_000]);
    expect(around.closed).toEqual([]);
    expect(around.news).toEqual(['started', 'ended', null]);
  });

  it('counts for nothing from an old owner, or twice', async () => {
    const { around, session } = await playing();
    await session.recover(1, 'liveness');
    await session.agentEnded(A, 1, 'lease');
    expect(around.record?.state).toBe('playing');
    await session.agentEnded(B, 2, 'lease');
    await session.agentEnded(B, 2, 'lease');
    expect(around.news.filter((news) => news === 'ended')).toHaveLength(1);
  });

  it('on its way out leaves the session to the next request, or to its return', async () => {
    const { around, session } = await playing();
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
    const { around, session } = await playing();
    session.progress(7, 61_000);
    session.progress(7, 62_000);
    expect(around.alarmAt).toBe(around.time + 15_000);
    await session.alarm();
    expect(around.saved).toEqual([]);
    around.time += 15_000;
    await session.alarm();
    await session.alarm();
    expect(around.saved).toEqual([62_000]);
    session.progress(7, 63_000);
    await session.alarm();
    expect(around.saved).toEqual([62_000]);
  });

  it('keeps a position that the database does not take, and tries again', async () => {
    const { around, session } = await playing();
    around.databaseFails = true;
    expect(await session.stop(7, 100_000)).toEqual({ ok: true });
    expect(around.record).toMatchObject({ state: 'ended', unsaved: true });
    around.databaseFails = false;
    around.time = around.alarmAt as number;
    await around.session().alarm();
    expect(around.saved).toEqual([100_000]);
    expect(around.record?.unsaved).toBe(false);
  });

  it('ends what was lost for as long as a lease', async () => {
    const { around, session } = await playing();
    await session.agentEnded(A, 1, 'shutdown');
    expect(around.alarmAt).toBe(around.time + 90_000);
    around.time += 90_000;
    await around.session().alarm();
    expect(around.record?.state).toBe('ended');
  });

  it('ends an opening that died with its object', async () => {
    const { around } = await playing();
    if (around.record) around.record = { ...around.record, state: 'opening', stateSince: around.time };
    around.time += 60_000;
    await around.session().alarm();
    expect(around.record?.state).toBe('ended');
  });

  it('gives up a move that died with its object', async () => {
    const { around } = await playing();
    if (around.record) around.record = { ...around.record, state: 'moving', stateSince: around.time };
    around.time += 60_000;
    await around.session().alarm();
    expect(around.record?.state).toBe('lost');
  });

  it('ends a session with its ticket, and forgets it later', async () => {
    const { around, session } = await playing();
    around.time += 86_400_000;
    await session.alarm();
    expect(around.record?.state).toBe('ended');
    around.time = around.alarmAt as number;
    await session.alarm();
    expect(around.record).toBeNull();
    expect(await session.recover(1, 'liveness')).toMatchObject({ code: 'session-ended' });
  });
});

describe("a viewer's reports", () => {
  it('are taken from the session’s own user only', async () => {
    const { around, session } = await playing();
    expect(session.progress(8, 1_000)).toMatchObject({ ok: false, code: 'not-found' });
    expect(await session.stop(8, 1_000)).toMatchObject({ ok: false, code: 'not-found' });
    expect(around.record?.state).toBe('playing');
  });

  it('never lie beyond the end', async () => {
    const { around, session } = await playing();
    session.progress(7, 9_999_999);
    expect(around.record?.positionMs).toBe(3_600_000);
  });

  it('stop the agent’s work, save, and may be repeated', async () => {
    const { around, session } = await playing();
    expect(await session.stop(7, 100_000)).toEqual({ ok: true });
    expect(await session.stop(7, 5)).toEqual({ ok: true });
    expect(session.progress(7, 5)).toMatchObject({ code: 'session-ended' });
    expect(around.saved).toEqual([100_000]);
    expect(around.closed).toEqual([{ agentId: A, generation: 1 }]);
    expect(around.news.filter((news) => news === 'ended')).toHaveLength(1);
  });
});
