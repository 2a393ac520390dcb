import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, expect, it } from 'vitest';
import { bearerOf, claimedAgent, verifyAgentToken } from './agent-token.ts';
import { makeNonce, NONCE_LIFE_MS } from './nonce.ts';

const env = { HEARTHCAST_SECRET: 'a-secret-of-this-test-a-secret-of-this-test' };
const ORIGIN = 'https://hearth.example';
const AGENT = 'agt_AAAAAAAAAAAAAAAAAAAAAA';
const NOW = Date.UTC(2026, 10, 21);
let key: CryptoKey;
let publicKey: string;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  key = pair.privateKey;
  publicKey = (await exportJWK(pair.publicKey)).x as string;
});

async function token(claims: Record<string, unknown> = {}, signer = key): Promise<string> {
  const nonce = await makeNonce(env, NOW);
  const payload = { sub: AGENT, aud: ORIGIN, nonce, jti: '0123456789abcdef', ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA' }).sign(signer);
}

const verify = (word: string, now = NOW) => verifyAgentToken(env, word, publicKey, ORIGIN, now);

it('[AU1] accepts a token that the agent signed over a nonce of this edge', async () => {
  expect(await verify(await token())).toMatchObject({ sub: AGENT, jti: '0123456789abcdef' });
});

it('[AU1] refuses a token of another key', async () => {
  const other = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  await expect(verify(await token({}, other.privateKey))).rejects.toMatchObject({ code: 'unauthenticated' });
});

it('[AU1] refuses a token without a signature, or with one by a shared secret', async () => {
  const body = (await token()).split('.')[1];
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
  await expect(verify(none)).rejects.toMatchObject({ code: 'unauthenticated' });
  const secret = new TextEncoder().encode(publicKey);
  const hmac = await new SignJWT({ sub: AGENT }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
  await expect(verify(hmac)).rejects.toMatchObject({ code: 'unauthenticated' });
});

it.each(['sub', 'aud', 'nonce', 'jti'])('[AU1] refuses a token without %s', async (claim) => {
  await expect(verify(await token({ [claim]: undefined }))).rejects.toMatchObject({ code: 'unauthenticated' });
});

it('[AU2] refuses a nonce after five minutes of the edge, and one that the edge did not make', async () => {
  const word = await token();
  expect(await verify(word, NOW + NONCE_LIFE_MS - 1)).toMatchObject({ sub: AGENT });
  await expect(verify(word, NOW + NONCE_LIFE_MS)).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(verify(await token({ nonce: 'made-up' }))).rejects.toMatchObject({ code: 'unauthenticated' });
});

it('[AU2] does not care how wrong the clock is that wrote `iat`', async () => {
  expect(await verify(await token({ iat: NOW / 1000 + 3600 }))).toMatchObject({ sub: AGENT });
  expect(await verify(await token({ iat: NOW / 1000 - 86_400 * 365 }))).toMatchObject({ sub: AGENT });
});

it('[AU4] refuses a token for another server, and accepts this one behind a proxy that ends TLS', async () => {
  await expect(verify(await token({ aud: 'https://evil.example' }))).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(verify(await token({ aud: 'hearth.example' }))).rejects.toMatchObject({ code: 'unauthenticated' });
  const seen = await verifyAgentToken(env, await token(), publicKey, 'http://hearth.example', NOW);
  expect(seen.sub).toBe(AGENT);
});

it('reads who a token claims to be from, and refuses what is no token', async () => {
  expect(claimedAgent(await token())).toBe(AGENT);
  for (const word of ['', 'a.b.c', await token({ sub: '../secret' })]) expect(() => claimedAgent(word)).toThrow();
  const request = new Request(ORIGIN, { headers: { authorization: 'Basic eDp5' } });
  expect(() => bearerOf(request)).toThrow('missing');
});
