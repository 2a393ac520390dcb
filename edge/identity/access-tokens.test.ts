import { decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { issueAccessToken, verifyAccessToken } from './access-tokens.ts';

const ENV = { HEARTHCAST_SECRET: 'a-secret-of-the-deployment-that-is-long-enough' };
const OTHER = { HEARTHCAST_SECRET: 'the-secret-of-some-other-deployment-somewhere' };
const ADA = { userId: 7, name: 'Ada', role: 'owner', authSessionId: 'ats_1' } as const;
const NOW = Date.UTC(2026, 0, 1);

describe('an access token', () => {
  it('names its person to the deployment that made it', async () => {
    const token = await issueAccessToken(ENV, ADA, NOW + 400);
    expect(decodeProtectedHeader(token).alg).toBe('EdDSA');
    expect(await verifyAccessToken(ENV, token, NOW + 60_000)).toEqual({ signIn: ADA, issuedAt: NOW });
  });

  it('expires after fifteen minutes', async () => {
    const token = await issueAccessToken(ENV, ADA, NOW);
    await expect(verifyAccessToken(ENV, token, NOW + 899_000)).resolves.toBeDefined();
    await expect(verifyAccessToken(ENV, token, NOW + 900_000)).rejects.toMatchObject({ code: 'token-expired' });
  });

  it('is nothing to another deployment, and nothing when changed', async () => {
    const token = await issueAccessToken(ENV, ADA, NOW);
    await expect(verifyAccessToken(OTHER, token, NOW)).rejects.toMatchObject({ code: 'unauthenticated' });
    const [head, body, mac] = token.split('.') as [string, string, string];
    const claims = JSON.parse(atob(body)) as Record<string, unknown>;
    const forged = [head, btoa(JSON.stringify({ ...claims, sub: '1' })).replaceAll('=', ''), mac].join('.');
    await expect(verifyAccessToken(ENV, forged, NOW)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('without a signature is refused', async () => {
    const token = await issueAccessToken(ENV, ADA, NOW);
    const none = `${btoa('{"alg":"none"}').replaceAll('=', '')}.${token.split('.')[1]}.`;
    await expect(verifyAccessToken(ENV, none, NOW)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('cannot be made with a secret that is none', async () => {
    await expect(issueAccessToken({ HEARTHCAST_SECRET: '' }, ADA, NOW)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
