import { describe, expect, it, vi } from 'vitest';
import { sessionRefresh } from './session-refresh.ts';

const signedIn = () => Response.json({ user: { id: '1', name: 'a', role: 'owner' }, expiresIn: 900 });
const problem = (code: string, status: number) =>
  Response.json({ type: 't', title: 't', status, code, retryable: status >= 500 }, { status });

function harness(answer: () => Response | Promise<Response>) {
  let clock = 0;
  const fetch = vi.fn<typeof globalThis.fetch>(async () => answer());
  const session = sessionRefresh({
    fetch,
    clock: {
      read: () => clock,
      write: (at) => {
        clock = at;
      },
    },
    alone: (task) => task(),
    now: () => 1000,
  });
  return { session, fetch, clock: () => clock };
}

describe('renewing the session', () => {
  it('asks the server once for everyone who waits', async () => {
    const { session, fetch, clock } = harness(signedIn);
    expect(await Promise.all([session.refresh(), session.refresh(), session.refresh()])).toEqual([true, true, true]);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(clock()).toBe(901_000);
  });

  it('can be done again after it is over', async () => {
    const { session, fetch } = harness(signedIn);
    await session.refresh();
    await session.refresh();
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('does not ask when another tab did it while this one waited for its turn', async () => {
    let shared = 0;
    const fetch = vi.fn<typeof globalThis.fetch>();
    const session = sessionRefresh({
      fetch,
      clock: { read: () => shared, write: () => {} },
      alone: async (task) => {
        shared = 901_000;
        return task();
      },
      now: () => 1000,
    });
    expect(await session.refresh()).toBe(true);
    expect(fetch).not.toHaveBeenCalled();
  });

  it('says no when the server does, and fails when the server only stumbles', async () => {
    expect(await harness(() => problem('unauthenticated', 401)).session.refresh()).toBe(false);
    await expect(harness(() => problem('internal', 500)).session.refresh()).rejects.toMatchObject({ code: 'internal' });
    await expect(harness(() => problem('rate-limited', 429)).session.refresh()).rejects.toMatchObject({
      code: 'rate-limited',
    });
  });
});
