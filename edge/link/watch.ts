import type { Abort } from './aborts.ts';

/** An agent says each second what it works on; after this long without a word of a request it is given up. */
export const SILENCE_MS = 3_000;

/** Between two parts an agent only opens a descriptor and a request. */
export const NEXT_PART_MS = 5_000;

/** An open relay costs the owner of the account: a viewer who pauses asks again by range. */
export const STALL_MS = 60_000;

/** Bytes that the agent has handed over lie in the buffers of the way (7 to 10 MB): a slow viewer drains them. */
export const DRAIN_MS = 5 * 60_000;

/** What is known of one request under way. Times are milliseconds since 1970. */
export interface Watch {
  /** `asked`: no answer yet. `flowing`: a part is being relayed. `between`: waiting for the next part. */
  phase: 'asked' | 'flowing' | 'between';
  /** When its first byte or its answer is due. */
  deadlineAt: number;
  /** When the agent last said that it works on it. */
  heardAt: number;
  /** When the phase began. */
  phaseAt: number;
  /** Bytes that the agent says it has sent, and when that number last rose. */
  moved: number;
  movedAt: number;
  /** Bytes up to the end of the part that is flowing. */
  partEnd: number;
}

export function newWatch(now: number, deadlineMs: number): Watch {
  return {
    phase: 'asked',
    deadlineAt: now + deadlineMs,
    heardAt: now,
    phaseAt: now,
    moved: 0,
    movedAt: now,
    partEnd: 0,
  };
}

/** The agent said that it works on the request, and how many of its bytes it has sent. */
export function heard(watch: Watch, moved: number, now: number): void {
  watch.heardAt = now;
  if (moved > watch.moved) {
    watch.moved = moved;
    watch.movedAt = now;
  }
}

/** A part began to flow, up to byte `partEnd` of the body, or ended. */
export function enter(watch: Watch, phase: 'flowing' | 'between', now: number, partEnd = watch.partEnd): void {
  watch.phase = phase;
  watch.phaseAt = now;
  watch.heardAt = now;
  watch.movedAt = now;
  watch.partEnd = partEnd;
}

/** Why a request must be given up now, or null. */
export function overdue(watch: Watch, now: number): Abort | null {
  if (now - watch.heardAt >= SILENCE_MS) return 'silence';
  switch (watch.phase) {
    case 'asked':
      return now >= watch.deadlineAt ? 'deadline' : null;
    case 'between':
      return now - watch.phaseAt >= NEXT_PART_MS ? 'next-part' : null;
    case 'flowing':
      return now - watch.movedAt >= (watch.moved >= watch.partEnd ? DRAIN_MS : STALL_MS) ? 'stalled' : null;
    default:
      return watch.phase satisfies never;
  }
}
