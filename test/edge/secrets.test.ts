import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CreatedApiKey } from '../../shared/api/api-keys.ts';
import { SignedIn } from '../../shared/api/auth.ts';
import { Pairing } from '../../shared/api/pairing.ts';
import { CreatedInvitation, Person, ResetCode } from '../../shared/api/users.ts';
import { edgeClient } from './edge-client.ts';
import { world } from './people-caller.ts';

const PASSWORD = 'a password that must stay here';
/** Passwords are really hashed, some 200 of them. */
const LIMIT_MS = 120_000;

const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;

let logged: string[] = [];

beforeEach(() => {
  logged = [];
  for (const method of METHODS) {
    vi.spyOn(console, method).mockImplementation((...words) => void logged.push(words.map(String).join(' ')));
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

it(
  'no log and no refusal repeats a password, a token, a key, a code or a ticket',
  async () => {
    const { edge, person, anyone } = world();
    const owner = await person('owner');
    const username = 'Keeper';
    const made = await owner.call('POST', '/users', { username, password: PASSWORD, role: 'member' });
    const { id } = Person.parse(await made.json());
    const invited = await owner.call('POST', '/invitations', { role: 'member' });
    const signedIn = SignedIn.parse(
      await (await anyone('POST', '/auth/login', { username, password: PASSWORD })).json(),
    );
    const ticket = 'WzEsIm5vdCIsImEiLCJ0aWNrZXQiXQ-that-was-made-here';
    const secrets = [
      PASSWORD,
      signedIn.accessToken ?? '',
      signedIn.refreshToken ?? '',
      CreatedInvitation.parse(await invited.json()).code,
      ResetCode.parse(await (await owner.call('POST', `/users/${id}/reset`)).json()).code,
      CreatedApiKey.parse(await (await owner.call('POST', '/api-keys', { name: 'k', scopes: ['read'] })).json()).key,
      Pairing.parse(await (await anyone('POST', '/auth/device')).json()).deviceCode,
      ticket,
    ];

    const said: string[] = [];
    // Everything that takes a secret gets each of them, where it belongs and where it does not.
    const broken = { fetch: () => Promise.reject(new Error('away')) } as unknown as Fetcher;
    const failing = edgeClient({ bindings: { PASSWORDS: broken } });
    for (const secret of secrets) {
      const bodies = [
        { username: secret, password: secret, code: secret, setupCode: secret },
        { username, password: secret, current: secret, code: secret, refreshToken: secret, deviceCode: secret },
        { userCode: secret.slice(0, 32), delivery: secret, role: secret, scopes: [secret], name: secret },
      ];
      for (const path of ['login', 'setup', 'refresh', 'reset', 'join', 'invitation', 'device/token', 'logout']) {
        for (const body of bodies) {
          for (const client of [edge, failing]) said.push(await refusalOf(client.post(`/api/v1/auth/${path}`, body)));
        }
      }
      said.push(await refusalOf(edge.get(`/stream/${secret}/file`)));
      said.push(await refusalOf(edge.get(`/api/v1/users/me?token=${secret}`)));
      said.push(await refusalOf(edge.get('/api/v1/users/me', { authorization: `Bearer ${secret}x` })));
      said.push(
        await refusalOf(edge.get('/agent/v1/connect', { authorization: `Bearer ${secret}`, upgrade: 'websocket' })),
      );
    }
    expect(said.length).toBeGreaterThan(300);
    expect(logged.length).toBeGreaterThan(0);
    for (const secret of secrets) {
      const found = [...said, ...logged].filter((text) => text.includes(secret));
      expect(found).toEqual([]);
    }
  },
  LIMIT_MS,
);

/** The body of an answer that is not a success. */
async function refusalOf(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  const text = await response.text();
  return response.ok ? '' : text;
}
