import { env } from 'cloudflare:workers';
import { issueAccessToken } from '../../edge/identity/access-tokens.ts';
import { startSession } from '../../edge/identity/auth-sessions.ts';
import type { Principal } from '../../edge/identity/principal.ts';
import { UNRESTRICTED } from '../../edge/identity/restrictions.ts';
import type { Role } from '../../shared/api/auth.ts';

/**
 * A user of a role with an open sign-in, made past the password, for tests of what lies behind it. `headers`
 * authorises requests as this user.
 */
export async function signedIn(role: Role, name = `${role}-${crypto.randomUUID()}`) {
  const user = await env.DB.prepare(
    `INSERT INTO user (name, role, password_hash, created_at) VALUES (?, ?, 'none', ?) RETURNING id`,
  )
    .bind(name, role, Date.now())
    .first<{ id: number }>();
  if (!user) throw new Error('the user was not made');
  const device = { name: 'test', address: 'local' };
  const { signIn, refreshToken } = await startSession(env, { id: user.id, name, role }, device, Date.now());
  const accessToken = await issueAccessToken(env, signIn, Date.now());
  const principal: Principal = { ...signIn, restrictions: UNRESTRICTED, scopes: null };
  const headers = { authorization: `Bearer ${accessToken}` };
  return { principal, accessToken, refreshToken, headers };
}
