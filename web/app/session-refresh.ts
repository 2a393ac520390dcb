import { SignedIn } from '../../shared/api/auth.ts';
import { problemOf } from './problem-answer.ts';

/** What outlives a page load: when the access cookie ends (ms since 1970). Never a token. */
interface SessionClock {
  read(): number;
  write(expiresAt: number): void;
}

export interface RefreshDeps {
  fetch: typeof fetch;
  clock: SessionClock;
  /** Runs `task` alone among all tabs of this origin. */
  alone<T>(task: () => Promise<T>): Promise<T>;
  now(): number;
}

export interface SessionRefresh {
  /** True: signed in, try again. False: sign in. Throws when the server cannot be asked. */
  refresh(): Promise<boolean>;
  note(expiresInS: number): void;
  expiresAt(): number;
}

/**
 * Renews the access cookie once, however many requests ask for it at the same time. Tabs take turns: the refresh
 * token rotates, and using the old one a second time would end the session everywhere.
 */
export function sessionRefresh(deps: RefreshDeps): SessionRefresh {
  let flight: Promise<boolean> | null = null;

  function note(expiresInS: number): void {
    deps.clock.write(deps.now() + expiresInS * 1000);
  }

  async function renew(): Promise<boolean> {
    const before = deps.clock.read();
    return deps.alone(async () => {
      if (deps.clock.read() !== before) return true;
      const response = await deps.fetch('/api/v1/auth/refresh', {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      if (response.ok) {
        note(SignedIn.parse(await response.json()).expiresIn);
        return true;
      }
      const problem = await problemOf(response);
      if (problem.status >= 500 || problem.shouldRetry()) throw problem;
      return false;
    });
  }

  return {
    refresh() {
      flight ??= renew().finally(() => {
        flight = null;
      });
      return flight;
    },
    note,
    expiresAt: () => deps.clock.read(),
  };
}
