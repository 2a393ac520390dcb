import { z } from 'zod';
import { SyncAnswer, type SyncBatch, SyncCursor } from '../../../shared/protocol/sync.ts';
import { post } from './post.ts';
import type { SyncTarget } from './sync-target.ts';

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
export async function postBatch(target: SyncTarget, batch: SyncBatch, signal: AbortSignal): Promise<PostOutcome> {
  const { ok, status, text } = await post(target, '/agent/v1/sync', batch, signal);
  if (ok) return { kind: 'applied', ...SyncAnswer.parse(JSON.parse(text)) };
  if (status === 409) return { kind: 'mismatch', ...Mismatch.parse(JSON.parse(text)) };
  if (status === 400 || status === 413) return { kind: 'refused', detail: text.slice(0, 300) };
  throw new Error(`The edge answered ${status} to a sync: ${text.slice(0, 200)}`);
}
