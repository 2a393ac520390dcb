import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PersonStanding, StandingRows } from '../db/standing.ts';
import { issueAccessToken } from './access-tokens.ts';
import { hashOfApiKey } from './api-keys.ts';
import { identifyKey, identifyToken } from './identify.ts';
import { FRESH_MS, MAX_ENDED, REREAD_MS, type ReadStanding, Standing } from './standing.ts';

const ENV = { HEARTHCAST_SECRET: 'a-secret-of-the-deployment-that-is-long-enough' };
const ADA: PersonStanding = {
  id: 1,
  accountId: null,
  name: 'Ada',
  role: 'member',
  signedOutAt: 0,
  libMask: null,
  maxAge: null,
};

afterEach(() => {
  vi.useRealTimers();
});

const rows = (changes: Partial<StandingRows> = {}): StandingRows => ({
  ended: [],
  people: [ADA],
  keys: [],
  signing: [{ generation: 1, createdAt: 0 }],
  ...changes,
});

const reader = (changes: Partial<StandingRows> = {}) => vi.fn<ReadStanding>(async () => rows(changes));
const withEnded = (...ids: string[]) => reader({ ended: ids.map((id) => ({ id, endedAt: 999_000 })) });

const tokenOf = (authSessionId: string, issuedAt = 1_000_000, generation = 1) =>
  issueAccessToken(ENV, { userId: 1, name: 'Ada', role: 'owner', authSessionId }, issuedAt, generation);

function isolate(start = 1_000_000) {
  const clock = { now: start };
  const standing = new Standing(() => clock.now);
  const kept: Promise<unknown>[] = [];
  const readerOf = (read: ReadStanding) => ({
    read,
    keepAlive: (reading: Promise<unknown>) => void kept.push(reading),
  });
  const identify = (token: string, read: ReadStanding) =>
    identifyToken(ENV, standing, readerOf(read), token, clock.now);
  const admit = async (authSessionId: string, read: ReadStanding, issuedAt = clock.now) =>
    identify(await tokenOf(authSessionId, issuedAt), read);
  const withKey = (key: string, read: ReadStanding) => identifyKey(standing, readerOf(read), key, clock.now);
  return { clock, standing, admit, identify, withKey, kept };
}

describe('the list of who may come in', () => {
  it('is read before a cold isolate lets anyone in', async () => {
    const { admit } = isolate();
    const read = withEnded('ended');
    await expect(admit('ended', read)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(admit('open', read)).resolves.toMatchObject({ userId: 1 });
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('answers from memory while it is fresh, and is read again after', async () => {
    const { admit, clock } = isolate();
    const read = reader();
    await admit('a', read);
    clock.now += FRESH_MS - 1;
    await admit('a', read);
    expect(read).toHaveBeenCalledTimes(1);
    clock.now += 1;
    await admit('a', read);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('is read once for all who wait for it', async () => {
    const { identify, kept } = isolate();
    const { promise, resolve } = Promise.withResolvers<StandingRows>();
    const read = vi.fn<ReadStanding>(() => promise);
    const tokens = await Promise.all(['a', 'b', 'c'].map((id) => tokenOf(id)));
    const waiting = tokens.map((token) => identify(token, read));
    resolve(rows({ ended: [{ id: 'b', endedAt: 1 }] }));
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(read).toHaveBeenCalledTimes(1);
    expect(kept).toHaveLength(1);
  });

  it('counts its age from the beginning of the read', async () => {
    const { admit, clock } = isolate();
    const slow = vi.fn<ReadStanding>(async () => {
      clock.now += 8_000;
      return rows();
    });
    await admit('a', slow);
    clock.now += 2_000;
    await admit('a', slow);
    expect(slow).toHaveBeenCalledTimes(2);
  });

  it('lets nobody in where it cannot be read, and asks again for the next', async () => {
    const { admit } = isolate();
    const broken: ReadStanding = () => Promise.reject(new Error('away'));
    const outcomes = await Promise.allSettled([admit('a', broken), admit('b', broken)]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'unavailable' } });
    await expect(admit('a', reader())).resolves.toMatchObject({ userId: 1 });
  });

  it('is not believed when it is old and the new one cannot be read', async () => {
    const { admit, clock } = isolate();
    await admit('a', reader());
    clock.now += FRESH_MS;
    await expect(admit('a', () => Promise.reject(new Error('away')))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('gives up on a read that hangs, and the next request begins its own', async () => {
    const { identify } = isolate();
    const token = await tokenOf('a');
    vi.useFakeTimers();
    const refused = expect(identify(token, () => new Promise(() => {}))).rejects.toMatchObject({ code: 'unavailable' });
    await vi.advanceTimersByTimeAsync(5_000);
    await refused;
    vi.useRealTimers();
    await expect(identify(token, reader())).resolves.toMatchObject({ userId: 1 });
  });

  it('knows what ended in this isolate without a read', async () => {
    const { admit, standing } = isolate();
    const read = reader();
    await admit('a', read);
    standing.noteEnded('a');
    await expect(admit('a', read)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('is read anew after a change made here, also when a read was under way', async () => {
    const { identify, standing } = isolate();
    const token = await tokenOf('a');
    const { promise, resolve } = Promise.withResolvers<StandingRows>();
    const waiting = identify(token, () => promise);
    standing.noteChange();
    resolve(rows());
    await waiting;
    const after = reader({ people: [{ ...ADA, role: 'child' }] });
    expect(await identify(token, after)).toMatchObject({ role: 'child' });
  });

  it('asks for no more than access tokens can still be alive for', async () => {
    const { admit, clock } = isolate(100 * 60_000);
    const read = reader();
    await admit('a', read);
    expect(read).toHaveBeenCalledWith(clock.now - 16 * 60_000, MAX_ENDED);
  });

  it('sends older tokens to a refresh where more sessions ended than it holds', async () => {
    const { admit } = isolate();
    const ended = Array.from({ length: MAX_ENDED }, (_, i) => ({ id: `s${i}`, endedAt: i === 7 ? 800_000 : 900_000 }));
    await expect(admit('x', reader({ ended }), 799_000)).rejects.toMatchObject({ code: 'token-expired' });
    await expect(admit('x', reader({ ended }), 800_000)).resolves.toMatchObject({ userId: 1 });
  });
});

describe('a person', () => {
  it('is who they are now, whatever their token says', async () => {
    const { admit } = isolate();
    const read = reader({ people: [{ ...ADA, name: 'Ada L.', role: 'child', libMask: 5 }] });
    const principal = await admit('a', read);
    expect(principal).toMatchObject({ name: 'Ada L.', role: 'child', restrictions: { libMask: 5, maxAge: null } });
  });

  it('has no restrictions as an owner or admin', async () => {
    const { admit } = isolate();
    const principal = await admit('a', reader({ people: [{ ...ADA, role: 'admin', libMask: 5, maxAge: 6 }] }));
    expect(principal.restrictions).toEqual({ libMask: null, maxAge: null });
  });

  it('who is deleted or turned off is refused, without a read for each try', async () => {
    const { admit } = isolate();
    const read = reader({ people: [] });
    const old = 900_000;
    await expect(admit('a', read, old)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(admit('a', read, old)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('who is newer than the list is found by reading it again', async () => {
    const { admit } = isolate();
    const others = reader({ people: [] });
    await expect(admit('a', others)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(others).toHaveBeenCalledTimes(2);
    await expect(admit('a', reader())).resolves.toMatchObject({ userId: 1 });
  });

  it('needs a new token after their password was set', async () => {
    const { admit } = isolate();
    const read = reader({ people: [{ ...ADA, signedOutAt: 990_000 }] });
    await expect(admit('a', read, 985_000)).rejects.toMatchObject({ code: 'token-expired' });
    await expect(admit('a', read, 990_000)).resolves.toMatchObject({ userId: 1 });
  });
});

describe('a rotated signing key', () => {
  const signing = [
    { generation: 1, createdAt: 0 },
    { generation: 2, createdAt: 1_000_000 },
  ];

  it('is believed beside the one before, until the tokens of that have ended', async () => {
    const { identify, clock } = isolate(1_001_000);
    const [before, after] = await Promise.all([tokenOf('a', 1_000_000, 1), tokenOf('a', 1_001_000, 2)]);
    await expect(identify(before, reader({ signing }))).resolves.toMatchObject({ userId: 1 });
    await expect(identify(after, reader({ signing }))).resolves.toMatchObject({ userId: 1 });
    clock.now = 1_000_000 + 17 * 60_000;
    const late = await tokenOf('a', clock.now, 1);
    await expect(identify(late, reader({ signing }))).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is found by an isolate that did not know it', async () => {
    const { identify, admit, clock } = isolate();
    await admit('a', reader());
    clock.now += REREAD_MS;
    const token = await tokenOf('a', clock.now, 2);
    await expect(identify(token, reader({ signing }))).resolves.toMatchObject({ userId: 1 });
  });

  it('that nobody began opens nothing, and costs one read in a second', async () => {
    const { identify, clock } = isolate();
    const read = reader();
    const invented = await tokenOf('a', clock.now, 9);
    for (let i = 0; i < 5; i++)
      await expect(identify(invented, read)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(read).toHaveBeenCalledTimes(1);
  });
});

describe('an API key', () => {
  const KEY = `hck_${'k'.repeat(43)}`;
  const key = async (changes = {}) => ({
    keys: [
      { id: 'key_1', hash: await hashOfApiKey(KEY), userId: 1, scopes: ['read' as const], expiresAt: null, ...changes },
    ],
  });

  it('is its person with its scopes', async () => {
    const principal = await isolate().withKey(KEY, reader(await key()));
    expect(principal).toMatchObject({ userId: 1, role: 'member', scopes: ['read'], authSessionId: 'key_1' });
  });

  it('opens nothing when it has expired, is unknown, or its person is gone', async () => {
    const refused = { code: 'unauthenticated' };
    await expect(isolate().withKey(KEY, reader(await key({ expiresAt: 1_000_000 })))).rejects.toMatchObject(refused);
    await expect(isolate().withKey(KEY, reader())).rejects.toMatchObject(refused);
    await expect(isolate().withKey(KEY, reader({ ...(await key()), people: [] }))).rejects.toMatchObject(refused);
  });

  it('that was made a moment ago elsewhere is found by one read, and guesses cost one read in a second', async () => {
    const { withKey, clock, admit } = isolate();
    await admit('a', reader());
    clock.now += REREAD_MS;
    const read = reader(await key());
    await expect(withKey(KEY, read)).resolves.toMatchObject({ userId: 1 });
    for (let i = 0; i < 5; i++) {
      await expect(withKey(`hck_${'x'.repeat(42)}${i}`, read)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    expect(read).toHaveBeenCalledTimes(1);
  });
});
