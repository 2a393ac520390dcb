import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createClient } from './client.ts';
import { Unreachable } from './problem-answer.ts';

const Answer = z.object({ n: z.number() });
const ok = (n: unknown) => Response.json({ n });
const problem = (code: string, status: number, detail?: string) =>
  Response.json({ type: 't', title: 't', status, code, retryable: false, detail }, { status });

function harness(answers: (() => Response)[], renewed = true) {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => {
    const next = answers.shift();
    if (next === undefined) throw new TypeError('fetch failed');
    return next();
  });
  const refresh = vi.fn(async () => renewed);
  const onSignedOut = vi.fn();
  const kept: { bookmark: string | null } = { bookmark: null };
  const bookmark = {
    read: () => kept.bookmark,
    write: (value: string) => {
      kept.bookmark = value;
    },
  };
  const client = createClient({ fetch, session: { refresh }, onSignedOut, bookmark });
  return { client, fetch, refresh, onSignedOut, kept };
}

describe('a request', () => {
  it('comes back parsed', async () => {
    const { client, fetch } = harness([() => ok(1)]);
    expect(await client.request(Answer, '/things', { method: 'POST', body: { a: 1 } })).toEqual({ n: 1 });
    expect(fetch).toHaveBeenCalledWith('/api/v1/things', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
  });

  it('hands back the newest bookmark that an answer brought', async () => {
    const marked = (bookmark: string) => () => Response.json({ n: 1 }, { headers: { 'x-d1-bookmark': bookmark } });
    const { client, fetch, kept } = harness([marked('0002-a'), marked('0001-a'), () => ok(1)]);
    for (let i = 0; i < 3; i++) await client.request(Answer, '/things');
    expect(fetch.mock.calls.map(([, init]) => init?.headers)).toEqual([
      undefined,
      { 'x-d1-bookmark': '0002-a' },
      { 'x-d1-bookmark': '0002-a' },
    ]);
    expect(kept.bookmark).toBe('0002-a');
  });

  it('renews an expired session once and tries again', async () => {
    const { client, refresh, onSignedOut } = harness([() => problem('token-expired', 401), () => ok(2)]);
    expect(await client.request(Answer, '/things')).toEqual({ n: 2 });
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it('leads to the door when the session cannot be renewed', async () => {
    const { client, fetch, onSignedOut } = harness([() => problem('token-expired', 401)], false);
    await expect(client.request(Answer, '/things')).rejects.toMatchObject({ code: 'token-expired' });
    expect(onSignedOut).toHaveBeenCalledTimes(1);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('does not go round in circles when the renewed session is refused too', async () => {
    const refused = () => problem('unauthenticated', 401);
    const { client, fetch, onSignedOut } = harness([refused, refused, refused]);
    await expect(client.request(Answer, '/things')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(fetch).toHaveBeenCalledTimes(2);
    expect(onSignedOut).toHaveBeenCalledTimes(1);
  });

  it('does not take a wrong password for an expired session', async () => {
    const { client, refresh } = harness([() => problem('wrong-credentials', 401)]);
    await expect(client.request(Answer, '/auth/login')).rejects.toMatchObject({ code: 'wrong-credentials' });
    expect(refresh).not.toHaveBeenCalled();
  });

  it('fails with the server’s own sentence', async () => {
    const { client } = harness([() => problem('agent-offline', 503, 'Attic is asleep.')]);
    await expect(client.request(Answer, '/things')).rejects.toThrow('Attic is asleep.');
  });

  it('fails in words when there is no server, or one of another version', async () => {
    await expect(harness([]).client.request(Answer, '/things')).rejects.toBeInstanceOf(Unreachable);
    await expect(harness([() => ok('text')]).client.request(Answer, '/things')).rejects.toThrow('Reload the page');
    const gateway = () => new Response('<html>', { status: 502 });
    await expect(harness([gateway]).client.request(Answer, '/things')).rejects.toMatchObject({ code: 'internal' });
  });
});
