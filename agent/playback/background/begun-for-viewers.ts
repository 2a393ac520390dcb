import type { BackgroundWork } from '../../../shared/protocol/background.ts';
import type { Leaves, Permit } from './leaves.ts';

/** How often it is looked whether those are still there for whom it was begun. */
const LOOK_MS = 10_000;

/**
 * Makes what was begun for a viewer: with the viewer's leave while `watched`, and by leave of its own from then on. The
 * signal aborts where there is none any more.
 */
export async function begunForViewers<T>(
  leaves: Pick<Leaves, 'of'>,
  work: BackgroundWork,
  watched: () => boolean,
  make: (signal: AbortSignal) => Promise<T>,
  lookMs = LOOK_MS,
): Promise<T> {
  const aside = new AbortController();
  const done = new AbortController();
  const looking = look({ leaves, work, watched, aside, done: done.signal, lookMs });
  try {
    return await make(aside.signal);
  } finally {
    done.abort();
    await looking;
  }
}

interface Look {
  leaves: Pick<Leaves, 'of'>;
  work: BackgroundWork;
  watched: () => boolean;
  aside: AbortController;
  done: AbortSignal;
  lookMs: number;
}

/** Keeps up the leave until the work is done, or has to step aside. */
async function look({ leaves, work, watched, aside, done, lookMs }: Look): Promise<void> {
  let permit: Permit | null = null;
  const giveUp = () => {
    permit?.[Symbol.dispose]();
    permit = null;
  };
  while (!done.aborted && !aside.signal.aborted) {
    if (watched()) giveUp();
    else if (permit === null) {
      const got = await leaves.of(work);
      if (typeof got === 'string') aside.abort();
      else permit = got;
    } else if ((permit as Permit).signal.aborted) {
      giveUp();
      aside.abort();
    }
    // It is looked again as soon as the leave is taken back.
    const wake = permit === null ? done : AbortSignal.any([done, (permit as Permit).signal]);
    await untilWoken(lookMs, wake);
  }
  giveUp();
}

function untilWoken(ms: number, wake: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms).unref();
  wake.addEventListener('abort', () => resolve(), { once: true });
  if (wake.aborted) resolve();
  return promise.finally(() => clearTimeout(timer));
}
