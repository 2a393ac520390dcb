import { decodeProtectedHeader } from 'jose';
import { expect, it } from 'vitest';
import { SignedIn } from '../../shared/api/auth.ts';
import { outcomeOf, PASSWORD, world } from './people-caller.ts';

it('an owner rotates the signing key: nobody is signed out, and the older key goes when its tokens have gone', async () => {
  const { edge, person, anyone } = world();
  const owner = await person('owner');
  await owner.call('POST', '/users', { username: 'Rotating', password: PASSWORD, role: 'member' });
  const login = async () =>
    SignedIn.parse(await (await anyone('POST', '/auth/login', { username: 'Rotating', password: PASSWORD })).json());
  const kids = async () => {
    const { keys } = (await (await edge.get('/.well-known/jwks.json')).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };
  const me = async (token: string | undefined) =>
    (await edge.get('/api/v1/users/me', { authorization: `Bearer ${token}` })).status;

  const before = await login();
  const [oldKid] = await kids();
  expect(await (await owner.call('POST', '/signing-keys')).json()).toEqual({ generation: 2 });
  const after = await login();
  expect(decodeProtectedHeader(after.accessToken ?? '').kid).not.toBe(oldKid);
  expect(await me(before.accessToken)).toBe(200);
  expect(await me(after.accessToken)).toBe(200);
  expect(await kids()).toEqual([decodeProtectedHeader(after.accessToken ?? '').kid, oldKid]);
  expect(await outcomeOf(await owner.call('POST', '/signing-keys'))).toBe('conflict');

  edge.clock.now += 17 * 60_000;
  expect(await kids()).toHaveLength(1);
  const renewed = await anyone('POST', '/auth/refresh', { refreshToken: before.refreshToken });
  expect(await me(SignedIn.parse(await renewed.json()).accessToken)).toBe(200);
});
