import { env } from 'cloudflare:workers';
import type { KnownUser } from '../../edge/db/users.ts';
import { issueAccessToken } from '../../edge/identity/access-tokens.ts';
import { startSession } from '../../edge/identity/auth-sessions.ts';
import type { Principal } from '../../edge/identity/principal.ts';
import { createProfile } from '../../edge/identity/profiles.ts';
import { UNRESTRICTED } from '../../edge/identity/restrictions.ts';
import type { Role } from '../../shared/api/auth.ts';

const device = { name: 'test', address: 'local' };

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
  return signInOf({ id: user.id, name, role });
}

/** Somebody who shares an owner's account: a profile that is signed in to. */
export async function inProfile(role: 'member' | 'child') {
  const account = await signedIn('owner');
  const limits = { libraryIds: null, maxAge: null, pin: null };
  const profile = await createProfile(env, account.principal, { name: role, role, ...limits }, Date.now());
  return signInOf({ id: Number(profile.id), name: role, role, accountId: account.principal.userId });
}

async function signInOf(user: KnownUser & { accountId?: number }) {
  const { signIn, refreshToken } = await startSession(env, user, device, { lifetimeMs: 60_000_000, now: Date.now() });
  const accessToken = await issueAccessToken(env, signIn, Date.now());
  const principal: Principal = {
    ...signIn,
    accountId: user.accountId ?? user.id,
    restrictions: UNRESTRICTED,
    scopes: null,
  };
  const headers = { authorization: `Bearer ${accessToken}` };
  return { principal, accessToken, refreshToken, headers };
}
