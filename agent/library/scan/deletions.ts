/** Fewer than this many, or a smaller share of the root, are forgotten at once: people delete films. */
const MANY_FILES = 50;
const MANY_SHARE = 0.05;

/** How long more than that must stay away before it is believed. */
const HOLD_MS = 24 * 60 * 60 * 1000;

export interface Missing {
  /** Files that the index has and this scan did not find, and all that the index has. */
  missing: number;
  known: number;
  /** Media files that the scan did find. */
  found: number;
  /** Since when deletions of this root wait, milliseconds since 1970; null when none do. */
  heldSince: number | null;
  /** A person said that it is meant. */
  accepted: boolean;
}

export type Deletion = 'delete' | 'hold' | 'outage';

/**
 * What to do about files that are not there any more. A root in which nothing is left is taken for a disk that
 * is not mounted; a great loss waits for a day, or for a person.
 */
export function decideDeletion({ missing, known, found, heldSince, accepted }: Missing, now: number): Deletion {
  if (accepted || missing === 0) return 'delete';
  if (found === 0) return 'outage';
  if (missing <= MANY_FILES || missing <= known * MANY_SHARE) return 'delete';
  return heldSince !== null && now - heldSince >= HOLD_MS ? 'delete' : 'hold';
}
