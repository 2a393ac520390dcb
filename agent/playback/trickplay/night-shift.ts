import type { Logger } from 'pino';
import type { IndexedCopy } from '../../library/copies.ts';
import type { Leaves } from '../background/leaves.ts';
import type { Trickplay } from './trickplay.ts';

/** Hours of the machine's own clock, from and until, in which it may work for nobody in particular. */
const NIGHT = { from: 1, until: 6 } as const;
/** How often it looks whether it is night and nobody watches. */
const LOOK_MS = 60_000;
/** Films of which a sheet could not be made, so that they are not tried every minute. */
const MAX_REMEMBERED = 10_000;

/** Whether the machine may work in the background at this hour (0 to 23) with so many viewers. */
export function mayWork(hour: number, viewers: number): boolean {
  return viewers === 0 && hour >= NIGHT.from && hour < NIGHT.until;
}

/**
 * Makes the previews of films that have none, at night, one sheet after another, while nobody watches; each film by
 * leave, and until it is taken back.
 */
export function createNightShift(options: {
  trickplay: Trickplay;
  /** The films, those first whose previews are wanted first. */
  films: () => readonly IndexedCopy[];
  viewers: () => number;
  leaves: Pick<Leaves, 'of'>;
  /** Whether more may be kept; what is made beyond it would push out what was made before. */
  room: () => boolean;
  log: Logger;
  hour?: () => number;
  lookMs?: number;
}): AsyncDisposable {
  const {
    trickplay,
    films,
    viewers,
    leaves,
    room,
    log,
    hour = () => new Date().getHours(),
    lookMs = LOOK_MS,
  } = options;
  const stopped = new AbortController();
  const failed = new Set<string>();
  let working: Promise<void> | null = null;

  const allowed = () => !stopped.signal.aborted && mayWork(hour(), viewers()) && room();
  /** False where it is not the time for other films either. */
  const workOn = async (film: IndexedCopy): Promise<boolean> => {
    if (failed.has(film.fingerprint) || !(await trickplay.lacks(film))) return true;
    const leave = await leaves.of({ kind: 'previews', fingerprint: film.fingerprint });
    if (leave === 'same-work') return true;
    if (leave === 'not-now') return false;
    using permit = leave;
    const signal = AbortSignal.any([stopped.signal, permit.signal]);
    try {
      while (allowed() && !signal.aborted && (await trickplay.makeNext(film, signal))) {
        // The next one, as long as it may.
      }
    } catch (error) {
      if (!signal.aborted) {
        log.debug({ err: error }, 'a preview could not be made');
        if (failed.size < MAX_REMEMBERED) failed.add(film.fingerprint);
      }
    }
    return !signal.aborted;
  };
  const work = async () => {
    for (const film of films()) if (!allowed() || !(await workOn(film))) return;
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
