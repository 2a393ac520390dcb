import type { Logger } from 'pino';
import { workKey } from '../../../shared/protocol/background.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import type { Leaves } from './leaves.ts';

/** Hours of the machine's own clock, from and until, in which it may work for nobody in particular. */
const NIGHT = { from: 1, until: 6 } as const;
/** How often it looks whether it is night and nobody watches. */
const LOOK_MS = 60_000;
/** Pieces of work that could not be done, so that they are not tried every minute. */
const MAX_REMEMBERED = 10_000;

/** One kind of what is made ahead of viewers. */
export interface NightWork {
  /** The kind of `BackgroundWork`. */
  kind: string;
  maker: {
    /** Whether a film's are not all there yet. */
    lacks(film: IndexedCopy): Promise<boolean>;
    /** Makes a part of what a film lacks, after everything that viewers wait for; false where it lacks none. */
    makeNext(film: IndexedCopy, signal: AbortSignal): Promise<boolean>;
  };
  /** Whether more may be kept; what is made beyond it would push out what was made before. */
  room(): boolean;
}

/** Whether the machine may work in the background at this hour (0 to 23) with so many viewers. */
export function mayWork(hour: number, viewers: number): boolean {
  return viewers === 0 && hour >= NIGHT.from && hour < NIGHT.until;
}

/**
 * Makes what films lack, at night, one thing after another, while nobody watches; each kind of each film by leave, and
 * until it is taken back.
 */
export function createNightShift(options: {
  /** What is made of each film, in this order. */
  works: readonly NightWork[];
  /** The films, those first that matter most. */
  films: () => readonly IndexedCopy[];
  viewers: () => number;
  leaves: Pick<Leaves, 'of'>;
  log: Logger;
  hour?: () => number;
  lookMs?: number;
}): AsyncDisposable {
  const { works, films, viewers, leaves, log, hour = () => new Date().getHours(), lookMs = LOOK_MS } = options;
  const stopped = new AbortController();
  const failed = new Set<string>();
  let working: Promise<void> | null = null;

  const allowed = () => !stopped.signal.aborted && mayWork(hour(), viewers());
  /** False where it is not the time for anything else either. */
  const workOn = async (film: IndexedCopy, { kind, maker, room }: NightWork): Promise<boolean> => {
    const piece = { kind, fingerprint: film.fingerprint };
    const key = workKey(piece);
    if (!room() || failed.has(key) || !(await maker.lacks(film))) return true;
    const leave = await leaves.of(piece);
    if (leave === 'same-work') return true;
    if (leave === 'not-now') return false;
    using permit = leave;
    const signal = AbortSignal.any([stopped.signal, permit.signal]);
    try {
      while (allowed() && room() && !signal.aborted && (await maker.makeNext(film, signal))) {
        // The next one, as long as it may.
      }
    } catch (error) {
      if (!signal.aborted) {
        log.debug({ err: error, kind }, 'what a film lacks could not be made');
        if (failed.size < MAX_REMEMBERED) failed.add(key);
      }
    }
    return !signal.aborted;
  };
  const work = async () => {
    for (const film of films()) for (const one of works) if (!allowed() || !(await workOn(film, one))) return;
  };
  const timer = setInterval(() => {
    if (working || !allowed()) return;
    working = work().finally(() => {
      working = null;
    });
  }, lookMs);
  timer.unref();

  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      stopped.abort();
      await working;
    },
  };
}
