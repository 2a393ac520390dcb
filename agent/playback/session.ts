import type { CallAnswer, CallParams } from '../../shared/protocol/calls.ts';
import type { Film } from './film.ts';
import type { Place } from './pacing.ts';
import type { Producer } from './producer.ts';
import type { Recipe } from './recipes.ts';

/** One viewer's playback on this machine. */
export interface Session {
  id: string;
  generation: number;
  /** Null until it is open, where it lies on another machine. */
  film: Film | null;
  /** Whether it holds one of the machine's slots. */
  slot: boolean;
  /** Milliseconds; bytes were asked for then. */
  usedAt: number;
  /** Requests that are being answered: a slow one must not lose its session. */
  answering: number;
  recipes: ReadonlyMap<string, Recipe>;
  producers: Map<string, Producer>;
  place: Place;
  /** What was answered to its opening: given again to a call that comes twice. */
  answer: Promise<CallAnswer<'session.open'>>;
  /** Aborts the work of opening. */
  abort: AbortController;
}

/** What an opening means, given what is open and what has ended. */
export type Admission = 'admit' | 'same' | 'replace' | 'stale' | 'full';

/**
 * Decides about `session.open`, with no side effect: `open` is the session of this id, `endedGeneration` the
 * newest generation of it that has ended here.
 */
export function admission(
  params: Pick<CallParams<'session.open'>, 'generation'> & { slot: boolean },
  state: { open: Pick<Session, 'generation' | 'slot'> | null; endedGeneration: number; used: number; total: number },
): Admission {
  const { open, endedGeneration, used, total } = state;
  if (params.generation <= endedGeneration) return 'stale';
  if (open && params.generation < open.generation) return 'stale';
  if (open && params.generation === open.generation) return 'same';
  const free = total - used + (open?.slot ? 1 : 0);
  if (params.slot && free < 1) return 'full';
  return open ? 'replace' : 'admit';
}

/** Of one kind a viewer watches one rendition at a time; the init segments of others are asked for ahead. */
export function leaveOthers(session: Session, { grid: { kind } }: Recipe, producer: Producer): void {
  for (const [id, other] of session.producers) {
    if (other !== producer && session.recipes.get(id)?.grid.kind === kind) other.left();
  }
}
