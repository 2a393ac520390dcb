import { afterEach, describe, expect, it, vi } from 'vitest';
import { type EndedSession, FRESH_MS, MAX_ENDED, type ReadEnded, Revocations } from './revocation.ts';

afterEach(() => {
  vi.useRealTimers();
});

function isolate(start = 1_000_000) {
  const clock = { now: start };
  const revocations = new Revocations(() => clock.now);
  const kept: Promise<unknown>[] = [];
  const admit = (authSessionId: string, read: ReadEnded, issuedAt = clock.now) =>
    revocations.admit({ authSessionId, issuedAt }, read, (reading) => kept.push(reading));
  return { clock, revocations, admit, kept };
}

const reader = (ended: EndedSession[]) => vi.fn<ReadEnded>(async () => ended);

describe('the list of ended sign-ins', () => {
  it('is read before a cold isolate lets anyone in', async () => {
    const { admit } = isolate();
    const read = reader([{ id: 'ended', endedAt: 999_000 }]);
    await expect(admit('ended', read)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(admit('open', read)).resolves.toBeUndefined();
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('answers from memory while it is fresh, and is read again after', async () => {
    const { admit, clock } = isolate();
    const read = reader([]);
    await admit('a', read);
    clock.now += FRESH_MS - 1;
    await admit('a', read);
    expect(read).toHaveBeenCalledTimes(1);
    clock.now += 1;
    await admit('a', read);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('is read once for all who wait for it', async () => {
    const { admit, kept } = isolate();
    const { promise, resolve } = Promise.withResolvers<EndedSession[]>();
    const read = vi.fn<ReadEnded>(() => promise);
    const waiting = ['a', 'b', 'c'].map((id) => admit(id, read));
    resolve([{ id: 'b', endedAt: 1 }]);
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(read).toHaveBeenCalledTimes(1);
    expect(kept).toHaveLength(1);
  });

  it('counts its age from the beginning of the read', async () => {
    const { admit, clock } = isolate();
    const slow = vi.fn<ReadEnded>(async () => {
      clock.now += 8_000;
      return [];
    });
    await admit('a', slow);
    clock.now += 2_000;
    await admit('a', slow);
    expect(slow).toHaveBeenCalledTimes(2);
  });

  it('lets nobody in where it cannot be read, and asks again for the next', async () => {
    const { admit } = isolate();
    const broken: ReadEnded = () => Promise.reject(new Error('away'));
    const outcomes = await Promise.allSettled([admit('a', broken), admit('b', broken)]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'unavailable' } });
    await expect(admit('a', reader([]))).resolves.toBeUndefined();
  });

  it('does not believe an old list where the new one cannot be read', async () => {
    const { admit, clock } = isolate();
    await admit('a', reader([]));
    clock.now += FRESH_MS;
    await expect(admit('a', () => Promise.reject(new Error('away')))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('gives up on a read that hangs, and the next request begins its own', async () => {
    vi.useFakeTimers();
    const { admit } = isolate();
    const refused = expect(admit('a', () => new Promise(() => {}))).rejects.toMatchObject({ code: 'unavailable' });
    await vi.advanceTimersByTimeAsync(5_000);
    await refused;
    await expect(admit('a', reader([]))).resolves.toBeUndefined();
  });

  it('knows what ended in this isolate without a read', async () => {
    const { admit, revocations } = isolate();
    const read = reader([]);
    await admit('a', read);
    revocations.note('a');
    await expect(admit('a', read)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('asks for no more than access tokens can still be alive for', async () => {
    const { admit, clock } = isolate(100 * 60_000);
    const read = reader([]);
    await admit('a', read);
    expect(read).toHaveBeenCalledWith(clock.now - 16 * 60_000, MAX_ENDED);
  });

  it('sends older tokens to a refresh where more sessions ended than it holds', async () => {
    const { admit } = isolate();
    const full = Array.from({ length: MAX_ENDED }, (_, i) => ({ id: `s${i}`, endedAt: 900_000 - i }));
    const oldest = 900_000 - MAX_ENDED + 1;
    await expect(admit('x', reader(full), oldest - 1)).rejects.toMatchObject({ code: 'token-expired' });
    await expect(admit('x', reader(full), oldest)).resolves.toBeUndefined();
  });
});
