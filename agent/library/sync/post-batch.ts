import { z } from 'zod';
import { SyncAnswer, type SyncBatch, SyncCursor } from '../../../shared/protocol/sync.ts';

const ANSWER_TIMEOUT_MS = 30_000;

/** How the edge took a batch. */
export type PostOutcome =
  | { kind: 'applied'; cursor: SyncCursor; tookMs: number }
  | { kind: 'mismatch'; cursor: SyncCursor }
  /** This batch as it is will never be taken. */
  | { kind: 'refused'; detail: string };

const Mismatch = z.object({ cursor: SyncCursor });

/**
 * `POST /agent/v1/sync`. Rejects when there is no sound answer (network, sign-in, a busy or failing edge):
 * the batch may or may not have been applied, and sending it again is safe.
 */
export async function postBatch(
  edge: string,
  token: string,
  batch: SyncBatch,
  signal: AbortSignal,
): Promise<PostOutcome> {
  const response = await fetch(new URL('/agent/v1/sync', edge), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(batch),
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
  });
  const text = await response.text();
  if (response.ok) return { kind: 'applied', ...SyncAnswer.parse(JSON.parse(text)) };
  if (response.status === 409) return { kind: 'mismatch', ...Mismatch.parse(JSON.parse(text)) };
  if (response.status === 400 || response.status === 413) return { kind: 'refused', detail: text.slice(0, 300) };
  throw new Error(`The edge answered ${response.status} to a sync: ${text.slice(0, 200)}`);
}
