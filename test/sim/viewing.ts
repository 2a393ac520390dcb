import { setTimeout as delay } from 'node:timers/promises';
import type { TestEdge } from '../fakes/edge.ts';
import { watch } from '../fakes/viewer.ts';

/** How a request of a viewer ended; `wrong` is a body that came "whole" with wrong bytes, and must never be. */
export type Outcome =
  | { kind: 'whole' | 'left' | 'broken' | 'wrong'; bytes: number }
  | { kind: 'refused'; failure: string };

/**
 * One request of one viewer, who may be in a hurry, slow, or gone before the end. `pauseMs` is a pause after his
 * first bytes.
 */
export async function view(
  edge: TestEdge,
  agentId: string,
  film: Buffer,
  mood: () => number,
  { longest = 3_000_000, pauseMs = 0 }: { longest?: number; pauseMs?: number } = {},
): Promise<Outcome> {
  const start = Math.floor(mood() * film.length);
  const end = Math.min(film.length - 1, start + Math.floor(mood() * longest));
  const leavesAt = mood() < 0.2 ? mood() * (end - start) : Number.POSITIVE_INFINITY;
  const hesitateMs = mood() < 0.2 ? 20 : 0;
  const response = await watch(edge.origin, agentId, { range: { start, end } });
  if (response.status !== 206) {
    await response.arrayBuffer();
    return { kind: 'refused', failure: response.headers.get('hc-failure') ?? String(response.status) };
  }
  return read(response, film.subarray(start, end + 1), leavesAt, { hesitateMs, pauseMs });
}

async function read(
  response: Response,
  expected: Buffer,
  leavesAt: number,
  { hesitateMs, pauseMs }: { hesitateMs: number; pauseMs: number },
): Promise<Outcome> {
  let at = 0;
  try {
    for await (const chunk of response.body ?? []) {
      if (!expected.subarray(at, at + chunk.length).equals(chunk)) return { kind: 'wrong', bytes: at };
      at += chunk.length;
      if (at > leavesAt) return { kind: 'left', bytes: at };
      if (at === chunk.length && pauseMs > 0) await delay(pauseMs);
      if (hesitateMs > 0) await delay(hesitateMs);
    }
  } catch {
    return { kind: 'broken', bytes: at };
  }
  return { kind: at === expected.length ? 'whole' : 'wrong', bytes: at };
}

/** Mulberry32: small, and the same everywhere. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
