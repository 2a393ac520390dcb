/** Jobs that wait for a quiet hour; whoever has more brings them later. */
const MAX_WAITING = 10_000;

/** A viewer who has just stopped may begin another film: the machine stays quiet for so long before work goes on. */
const QUIET_MS = 30_000;

type Job = (signal: AbortSignal) => Promise<unknown>;

interface Waiting {
  job: Job;
  signal: AbortSignal;
  resolve(value: never): void;
  reject(reason: unknown): void;
}

/** Work that nobody waits for: one job at a time, and none while somebody watches. */
export interface Background extends AsyncDisposable {
  /**
   * Runs a job when nobody watches, after those that came before. A viewer who comes aborts the job's own signal; it is
   * run again from its beginning once all are gone, so what it has made by then should be kept where it finds it.
   * Rejects with what the job rejects with, or with the reason of `signal`, which takes it out of the line.
   */
  run<T>(job: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** How many sessions the machine serves now. */
  watched(sessions: number): void;
}

export function createBackground(quietMs: number = QUIET_MS): Background {
  const line: Waiting[] = [];
  const stopped = new AbortController();
  let sessions = 0;
  let now: AbortController | null = null;
  let working: Promise<void> = Promise.resolve();
  let quiet: NodeJS.Timeout | null = null;

  const next = () => {
    if (now !== null || sessions > 0 || quiet !== null || stopped.signal.aborted) return;
    const waiting = line.shift();
    if (waiting) working = work(waiting);
  };

  const work = async (waiting: Waiting) => {
    const pause = new AbortController();
    now = pause;
    try {
      const value = await waiting.job(AbortSignal.any([pause.signal, waiting.signal, stopped.signal]));
      waiting.resolve(value as never);
    } catch (error) {
      const paused = pause.signal.aborted && !waiting.signal.aborted && !stopped.signal.aborted;
      if (paused) line.unshift(waiting);
      else waiting.reject(error);
    } finally {
      now = null;
    }
    next();
  };

  return {
    run<T>(job: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
      signal.throwIfAborted();
      stopped.signal.throwIfAborted();
      if (line.length >= MAX_WAITING) throw new Error('too many jobs wait for a quiet hour');
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const waiting: Waiting = { job, signal, resolve: resolve as Waiting['resolve'], reject };
      const leave = () => {
        const at = line.indexOf(waiting);
        if (at === -1) return;
        line.splice(at, 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      line.push(waiting);
      next();
      return promise.finally(() => signal.removeEventListener('abort', leave));
    },

    watched(open) {
      const was = sessions;
      sessions = open;
      if (sessions > 0) {
        if (quiet) clearTimeout(quiet);
        quiet = null;
        now?.abort(new Error('somebody watches'));
      } else if (was > 0) {
        quiet = setTimeout(() => {
          quiet = null;
          next();
        }, quietMs);
        quiet.unref();
      }
    },

    async [Symbol.asyncDispose]() {
      stopped.abort(new Error('the agent is being stopped'));
      if (quiet) clearTimeout(quiet);
      for (const { reject } of line.splice(0)) reject(stopped.signal.reason);
      await working;
    },
  };
}
