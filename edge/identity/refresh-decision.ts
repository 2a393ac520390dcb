import type { AuthSessionRow } from '../db/auth-sessions.ts';

/**
 * For so long after a rotation the replaced token still works, and the new one is not replaced again: tabs that
 * were opened together, and an answer lost on the way, must not look like theft.
 */
export const GRACE_MS = 30_000;

type RefreshDecision =
  /** Goes on with the token that was presented. */
  | 'same'
  /** Goes on with the successor of the token that was presented. */
  | 'successor'
  /** A token that was replaced long ago, or never given out: the session must end. */
  | 'reused'
  /** There is no such session any more. */
  | 'over';

/**
 * What a presented refresh token is worth, seen after the attempt to rotate it.
 * `presented` and `successor` are hashes; `row` is the session after the attempt; `now` in ms.
 */
export function decideRefresh(
  row: Pick<AuthSessionRow, 'refreshHash' | 'previousHash' | 'rotatedAt' | 'expiresAt' | 'endedAt'> | null,
  presented: string,
  successor: string,
  now: number,
): RefreshDecision {
  if (!row || row.endedAt !== null || row.expiresAt <= now) return 'over';
  if (row.refreshHash === presented) return 'same';
  const replaced = row.refreshHash === successor && row.previousHash === presented;
  return replaced && now - row.rotatedAt <= GRACE_MS ? 'successor' : 'reused';
}
