import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sessionsToClose } from './reconcile.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const sessions = Array.from({ length: 40 }, (_, i) => ({ id: `ses_${i}`, generation: 1 }));

it('[HS6] names the sessions that the agent does not own any more', async () => {
  const close = await sessionsToClose(sessions, async ({ id }) => !id.endsWith('7'));
  expect(close.map(({ id }) => id).sort()).toEqual(['ses_17', 'ses_27', 'ses_37', 'ses_7']);
});

it('[HS6] keeps a session that cannot be asked about', async () => {
  const asked = sessionsToClose(sessions.slice(0, 2), ({ id }) =>
    id === 'ses_0' ? Promise.reject(new Error('reset')) : new Promise(() => {}),
  );
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await asked).toEqual([]);
});
