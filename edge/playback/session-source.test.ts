import { describe, expect, it } from 'vitest';
import { mediaInfo } from '../../test/fakes/media-samples.ts';
import { agentId, candidate, failure, startedSession, TRANSCODE } from '../../test/fakes/session-surroundings.ts';
import { summaryOf } from './session-record.ts';

const [A, B, S] = [agentId('a'), agentId('b'), agentId('s')];
const source = {
  ...{ agentId: S, agentName: 'agent s', path: 'A film.mkv', size: 1, mtimeMs: 2, media: mediaInfo() },
  ...{ addresses: ['http://s.lan'], mapped: false, readerKey: 'k' },
};
const borrowed = (name: string) => candidate(name, { plan: TRANSCODE, source });
const own = candidate('s', { plan: TRANSCODE });
const there = (name: string, more = {}) => ({
  ...{ agentId: agentId(name), online: true, slotsUsed: 0, slotsTotal: 2, videoEncoders: [], changedAt: 0 },
  ...more,
});

describe('[BO2] a session whose owner reads another agent’s file', () => {
  it('gives it a ticket for each attempt, and tells admins whose file it reads', async () => {
    const { around } = await startedSession([borrowed('a'), own]);
    expect(around.opened).toMatchObject([
      { agentId: A, params: { generation: 1, source: { agent: S, ticket: `${A} may read of ${S} in 1` } } },
    ]);
    expect(around.record && summaryOf(around.record)).toMatchObject({
      agentName: 'agent a',
      source: { agentId: S, agentName: 'agent s' },
    });
  });

  it('[BO8] is over at both when it ends', async () => {
    const { around, session } = await startedSession([borrowed('a')]);
    await session.stop(7, 0);
    expect(around.closed).toEqual([
      { agentId: A, generation: 1 },
      { agentId: S, generation: 1 },
    ]);
  });

  it('goes over to the machine with the file when its owner dies, and reads of nobody then', async () => {
    const { around, session } = await startedSession([borrowed('a'), own]);
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: S, generation: 2 });
    expect(around.opened[1]?.params.source).toBeUndefined();
    expect(around.closed).toEqual([
      { agentId: A, generation: 1 },
      { agentId: S, generation: 1 },
    ]);
    expect(around.record?.owner?.source).toBeUndefined();
  });

  it('goes on from another machine when the one with the file is full', async () => {
    const { around, session } = await startedSession([borrowed('a'), own, borrowed('b')]);
    around.answers.set(S, failure('capacity', 'capacity-full'));
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: true, agentId: B, generation: 3 });
    expect(around.opened[2]?.params.source?.ticket).toBe(`${B} may read of ${S} in 3`);
  });

  it('is handed over when the machine with the file is to be stopped, and to nobody who would read from it', async () => {
    const { around, session } = await startedSession([
      borrowed('a'),
      borrowed('b'),
      candidate('c', { plan: TRANSCODE }),
    ]);
    around.states = [there('a'), there('b'), there('c'), there('s', { draining: true })];
    await session.handOver(A, 1);
    expect(around.opened.map((open) => open.agentId)).toEqual([A, agentId('c')]);
    expect(around.record).toMatchObject({ state: 'playing', owner: { agentId: agentId('c') }, moves: 1 });
  });

  it('is never one that only copies the file', async () => {
    const { around, session } = await startedSession([candidate('s'), borrowed('a')]);
    around.answers.set(S, failure('liveness', 'agent-offline'));
    await session.recover(1, 'liveness');
    expect(new Set(around.opened.map((open) => open.agentId))).toEqual(new Set([S]));
  });

  it('is begun anew where the machine with the file can only make other pictures of it', async () => {
    const { around, session } = await startedSession([borrowed('a'), own]);
    around.states = [there('a', { online: false }), there('s')];
    around.answers.set(A, failure('liveness', 'agent-offline'));
    around.answers.set(S, failure('content', 'not-playable'));
    expect(await session.recover(1, 'liveness')).toEqual({
      ...{ ok: false, code: 'other-copy' },
      detail: expect.stringContaining('goes on from agent s'),
    });
    around.states = [there('a'), there('s', { online: false })];
    around.time += 60_000;
    expect(await session.recover(1, 'liveness')).toMatchObject({ ok: false, code: 'not-playable' });
  });
});
