import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { SignedIn } from '../../shared/api/auth.ts';
import { Problem } from '../../shared/errors.ts';
import { edgeClient } from './edge-client.ts';

const OWNER = { setupCode: 'TEST-SETUP', username: 'Ada', password: 'correct horse battery' };
const LOGIN = { username: 'ada', password: OWNER.password, device: 'Kitchen tablet' };

beforeEach(async () => {
  await env.DB.batch([env.DB.prepare('DELETE FROM user'), env.DB.prepare('DELETE FROM auth_session')]);
});

async function codeOf(response: Response): Promise<string> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = Problem.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return problem.code;
}

const tokensOf = async (response: Response) => {
  const { accessToken, refreshToken, ...rest } = SignedIn.parse(await response.json());
  if (accessToken === undefined || refreshToken === undefined) throw new Error('no tokens in the answer');
  return { accessToken, refreshToken, ...rest };
};

describe('the first set-up', () => {
  it('makes the owner, signs them in, and is over', async () => {
    const edge = edgeClient();
    expect(await (await edge.get('/api/v1/server')).json()).toMatchObject({ setupRequired: true });

    const response = await edge.post('/api/v1/auth/setup', OWNER);
    expect(response.status).toBe(201);
    const { user, accessToken } = await tokensOf(response);
    expect(user).toMatchObject({ name: 'Ada', role: 'owner' });
    const me = await edge.get('/api/v1/users/me', { authorization: `Bearer ${accessToken}` });
    expect(await me.json()).toMatchObject(user);

    expect(await (await edge.get('/api/v1/server')).json()).toMatchObject({ setupRequired: false });
    expect(await codeOf(await edge.post('/api/v1/auth/setup', OWNER))).toBe('setup-done');
  });

  it('takes its code in any case and without its dash', async () => {
    const response = await edgeClient().post('/api/v1/auth/setup', { ...OWNER, setupCode: 'testsetup' });
    expect(response.status).toBe(201);
  });

  it('refuses a wrong code and leaves no user behind', async () => {
    const edge = edgeClient();
    expect(await codeOf(await edge.post('/api/v1/auth/setup', { ...OWNER, setupCode: 'WRONG' }))).toBe('code-invalid');
    expect(await (await edge.get('/api/v1/server')).json()).toMatchObject({ setupRequired: true });
  });

  it('cannot be done where the deployment has no code', async () => {
    const edge = edgeClient({ bindings: { SETUP_CODE: '' } });
    expect(await codeOf(await edge.post('/api/v1/auth/setup', { ...OWNER, setupCode: '-' }))).toBe('unavailable');
  });

  it('makes one owner of two that race', async () => {
    const [first, second] = [edgeClient(), edgeClient()];
    const answers = await Promise.all([
      first.post('/api/v1/auth/setup', OWNER),
      second.post('/api/v1/auth/setup', { ...OWNER, username: 'Eve' }),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
    const loser = answers.find((answer) => answer.status === 409) as Response;
    expect(await codeOf(loser)).toBe('setup-done');
    expect(await env.DB.prepare('SELECT count(*) FROM user').first('count(*)')).toBe(1);
  });
});

describe('signing in', () => {
  beforeEach(async () => {
    await edgeClient().post('/api/v1/auth/setup', OWNER);
  });

  it('works by name in any case and password', async () => {
    const response = await edgeClient().post('/api/v1/auth/login', LOGIN);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await tokensOf(response)).user.name).toBe('Ada');
  });

  it('answers a wrong password and an unknown name alike', async () => {
    const edge = edgeClient();
    const wrong = await edge.post('/api/v1/auth/login', { ...LOGIN, password: 'wrong password' });
    const unknown = await edge.post('/api/v1/auth/login', { ...LOGIN, username: 'nobody' });
    const [a, b] = (await Promise.all([wrong.json(), unknown.json()])) as Record<string, unknown>[];
    expect({ ...a, instance: '' }).toEqual({ ...b, instance: '' });
    expect(a?.code).toBe('wrong-credentials');
  });

  it('asks the password service for the same work whether the name exists or not', async () => {
    const asked: string[] = [];
    const watching = {
      fetch: async (url: string, init: RequestInit) => {
        const body = JSON.parse(init.body as string) as { hash: string };
        asked.push(body.hash.split('$').slice(0, 4).join('$'));
        return env.PASSWORDS.fetch(url, init);
      },
    } as unknown as Fetcher;
    const edge = edgeClient({ bindings: { PASSWORDS: watching } });
    await edge.post('/api/v1/auth/login', LOGIN);
    await edge.post('/api/v1/auth/login', { ...LOGIN, username: 'nobody' });
    expect(asked).toEqual(['$argon2id$v=19$m=19456,t=2,p=1', '$argon2id$v=19$m=19456,t=2,p=1']);
  });

  it('never repeats a password in a refusal', async () => {
    const edge = edgeClient();
    const secret = 'p4ss-that-must-not-come-back';
    const bodies = [
      { ...LOGIN, password: secret },
      { ...LOGIN, username: 7, password: secret },
      { ...LOGIN, delivery: secret, password: secret },
      { ...OWNER, password: secret, setupCode: secret },
    ];
    for (const body of bodies) {
      for (const path of ['/api/v1/auth/login', '/api/v1/auth/setup']) {
        expect(await (await edge.post(path, body)).text()).not.toContain(secret);
      }
    }
  });

  it('reveals nothing of an unexpected failure', async () => {
    const broken = { fetch: () => Promise.reject(new Error('inner secret detail')) } as unknown as Fetcher;
    const response = await edgeClient({ bindings: { PASSWORDS: broken } }).post('/api/v1/auth/login', LOGIN);
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('inner secret');
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', retryable: true });
  });

  it('tells a client to wait while the password service is full', async () => {
    const full = { fetch: async () => new Response(null, { status: 429 }) } as unknown as Fetcher;
    const response = await edgeClient({ bindings: { PASSWORDS: full } }).post('/api/v1/auth/login', LOGIN);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await codeOf(response)).toBe('rate-limited');
  });

  it('is refused to an account that is turned off, and only with the right password is that said', async () => {
    await env.DB.prepare('UPDATE user SET disabled_at = 1').run();
    expect(await codeOf(await edgeClient().post('/api/v1/auth/login', LOGIN))).toBe('forbidden');
    const wrong = await edgeClient().post('/api/v1/auth/login', { ...LOGIN, password: 'wrong password' });
    expect(await codeOf(wrong)).toBe('wrong-credentials');
  });
});

describe('staying signed in', () => {
  const start = async () => {
    const edge = edgeClient();
    const { refreshToken } = await tokensOf(await edge.post('/api/v1/auth/setup', OWNER));
    const refresh = (token: string) => edge.post('/api/v1/auth/refresh', { refreshToken: token });
    return { edge, refreshToken, refresh };
  };

  it('exchanges a refresh token for new tokens of the same user', async () => {
    const { edge, refreshToken, refresh } = await start();
    const next = await tokensOf(await refresh(refreshToken));
    expect(next.refreshToken).not.toBe(refreshToken);
    const me = await edge.get('/api/v1/users/me', { authorization: `Bearer ${next.accessToken}` });
    expect(await me.json()).toMatchObject(next.user);
  });

  it('keeps no token in the database, only hashes', async () => {
    const { refreshToken, refresh } = await start();
    const next = await tokensOf(await refresh(refreshToken));
    const rows = JSON.stringify((await env.DB.prepare('SELECT * FROM auth_session').all()).results);
    for (const token of [refreshToken, next.refreshToken]) expect(rows).not.toContain(token.split('.')[1]);
  });

  it('gives two tabs that race the same working token', async () => {
    const { edge, refreshToken, refresh } = await start();
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)]);
    const tokens = await Promise.all(answers.map(tokensOf));
    expect(new Set(tokens.map((t) => t.refreshToken)).size).toBe(1);
    for (const { accessToken } of tokens) {
      expect((await edge.get('/api/v1/users/me', { authorization: `Bearer ${accessToken}` })).status).toBe(200);
    }
    edge.clock.now += 60_000;
    expect((await refresh(tokens[0]?.refreshToken as string)).status).toBe(200);
  });

  it('does not sign out a tab that is late by two of the others', async () => {
    const { refreshToken, refresh } = await start();
    const first = await tokensOf(await refresh(refreshToken));
    const second = await tokensOf(await refresh(first.refreshToken));
    expect((await refresh(refreshToken)).status).toBe(200);
    expect((await refresh(second.refreshToken)).status).toBe(200);
  });

  it('ends the session when a replaced token comes back later', async () => {
    const { edge, refreshToken, refresh } = await start();
    const next = await tokensOf(await refresh(refreshToken));
    edge.clock.now += 31_000;
    expect(await codeOf(await refresh(refreshToken))).toBe('unauthenticated');
    expect(await codeOf(await refresh(next.refreshToken))).toBe('unauthenticated');
    const me = await edge.get('/api/v1/users/me', { authorization: `Bearer ${next.accessToken}` });
    expect(await codeOf(me)).toBe('unauthenticated');
  });

  it('ends after sixty days without use', async () => {
    const { edge, refreshToken, refresh } = await start();
    edge.clock.now += 60 * 24 * 3600_000;
    expect(await codeOf(await refresh(refreshToken))).toBe('unauthenticated');
  });

  it('needs a refresh after fifteen minutes', async () => {
    const { edge, refreshToken, refresh } = await start();
    const { accessToken } = await tokensOf(await refresh(refreshToken));
    edge.clock.now += 15 * 60_000 + 1000;
    const me = await edge.get('/api/v1/users/me', { authorization: `Bearer ${accessToken}` });
    expect(me.headers.get('www-authenticate')).toContain('Bearer');
    expect(await codeOf(me)).toBe('token-expired');
  });

  it('refuses what was never a refresh token', async () => {
    const { refresh, edge } = await start();
    expect(await codeOf(await refresh('nonsense'))).toBe('unauthenticated');
    expect(await codeOf(await refresh(`ats_${'A'.repeat(22)}.${'A'.repeat(43)}`))).toBe('unauthenticated');
    expect(await codeOf(await edge.post('/api/v1/auth/refresh'))).toBe('unauthenticated');
  });
});

describe('signing out', () => {
  type Tell = (authSessionIds: readonly string[]) => Promise<void>;
  const objects = ({ signedOut, endSessions }: { signedOut: Tell; endSessions: Tell }) => ({
    FLEET: { getByName: () => ({ signedOut }) } as unknown as typeof env.FLEET,
    EVENT_HUB: { getByName: () => ({ endSessions }) } as unknown as typeof env.EVENT_HUB,
  });

  it('ends the session by its access token alone, what plays on that device, and its event sockets', async () => {
    const told: string[] = [];
    const edge = edgeClient({
      bindings: objects({
        signedOut: async (ids) => void told.push(`films of ${ids}`),
        endSessions: async (ids) => void told.push(`sockets of ${ids}`),
      }),
    });
    const { accessToken, refreshToken } = await tokensOf(await edge.post('/api/v1/auth/setup', OWNER));
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await edge.post('/api/v1/auth/logout', undefined, headers)).status).toBe(204);
    const [id] = refreshToken.split('.');
    expect(told).toEqual([`films of ${id}`, `sockets of ${id}`]);
    expect((await edge.get('/api/v1/users/me', headers)).status).toBe(401);
    expect((await edge.post('/api/v1/auth/refresh', { refreshToken })).status).toBe(401);
  });

  it('succeeds where the films cannot be told', async () => {
    const away = () => Promise.reject(new Error('away'));
    const edge = edgeClient({ bindings: objects({ signedOut: away, endSessions: away }) });
    const { refreshToken } = await tokensOf(await edge.post('/api/v1/auth/setup', OWNER));
    expect((await edge.post('/api/v1/auth/logout', { refreshToken })).status).toBe(204);
    expect((await edge.post('/api/v1/auth/refresh', { refreshToken })).status).toBe(401);
  });

  it('leaves the other devices of the same person signed in', async () => {
    const edge = edgeClient();
    const first = await tokensOf(await edge.post('/api/v1/auth/setup', OWNER));
    const second = await tokensOf(await edge.post('/api/v1/auth/login', LOGIN));
    await edge.post('/api/v1/auth/logout', { refreshToken: second.refreshToken });
    expect((await edge.post('/api/v1/auth/refresh', { refreshToken: first.refreshToken })).status).toBe(200);
  });

  it('does nothing for who only knows the name of a session', async () => {
    const edge = edgeClient();
    const { refreshToken } = await tokensOf(await edge.post('/api/v1/auth/setup', OWNER));
    const guess = `${refreshToken.split('.')[0]}.${'A'.repeat(43)}`;
    expect((await edge.post('/api/v1/auth/logout', { refreshToken: guess })).status).toBe(204);
    expect((await edge.post('/api/v1/auth/refresh', { refreshToken })).status).toBe(200);
  });
});
