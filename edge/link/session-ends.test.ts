import { describe, expect, it } from 'vitest';
import { failureOf } from './aborts.ts';
import { failureResponse } from './orders.ts';
import { MAX_ENDS, MOVED_HEADER, movedTo, SessionEnds } from './session-ends.ts';
import { Work } from './work.ts';

const AGENT = `agt_${'b'.repeat(22)}`;

function ends() {
  const rows = new Map<string, unknown>();
  const kv = {
    get: (key: string) => rows.get(key),
    put: (key: string, value: unknown) => void rows.set(key, value),
    delete: (key: string) => rows.delete(key),
    list: ({ prefix }: { prefix: string }) => [...rows].filter(([key]) => key.startsWith(prefix)),
  };
  const work = new Work({ now: () => 0, onSilence: () => {} });
  return { rows, ends: new SessionEnds({ kv } as never, work) };
}

describe('what a link knows of sessions that have left its agent', () => {
  it('[SE1] [SE2] answers requests up to the generation that left, and says where it went', () => {
    const { ends: known } = ends();
    known.note('s', 2, { agentId: AGENT, generation: 3 }, 0);
    expect(movedTo(known.answer('s', 2) as Response)).toEqual({ agentId: AGENT, generation: 3 });
    expect(known.answer('s', 3)).toBeNull();
    expect(known.answer('other', 1)).toBeNull();
    expect(known.answer(null, 0)).toBeNull();
  });

  it('[SE4] keeps the later of two, whatever the order in which they come', () => {
    const { ends: known } = ends();
    known.note('s', 4, null, 0);
    known.note('s', 1, { agentId: AGENT, generation: 2 }, 1);
    expect(movedTo(known.answer('s', 1) as Response)).toBeNull();
    expect(known.answer('s', 4)?.headers.get('hc-failure')).toBe('session');
  });

  it('[SE4] is bounded in number and in time', () => {
    const { ends: known, rows } = ends();
    for (let i = 0; i <= MAX_ENDS; i++) known.note(`s${i}`, 1, null, i);
    expect(rows.size).toBe(MAX_ENDS);
    expect(known.answer('s0', 1)).toBeNull();
    known.note('late', 1, null, 24 * 60 * 60 * 1000 + MAX_ENDS);
    expect(rows.size).toBe(1);
  });

  it('[SE2] is sent on only to what is the name of an agent', () => {
    const response = failureResponse(failureOf('session-over'));
    for (const value of ['', 'agt_short 2', `${AGENT}`, `${AGENT} x`, `${AGENT} -1`]) {
      response.headers.set(MOVED_HEADER, value);
      expect(movedTo(response)).toBeNull();
    }
  });
});
