import { HearthcastError } from '../../shared/errors.ts';
import { endAuthSession, insertAuthSession, rotateAuthSession } from '../db/auth-sessions.ts';
import type { UserRow } from '../db/users.ts';
import type { Env } from '../env.ts';
import type { Principal } from './principal.ts';
import { decideRefresh, GRACE_MS } from './refresh-decision.ts';
import { firstRefreshToken, hashOfRefreshToken, sessionOfRefreshToken, successorOf } from './refresh-tokens.ts';
import { randomId } from './sealed.ts';

/** A device that is not used for so long must sign in again. */
export const SESSION_LIFETIME_MS = 60 * 24 * 60 * 60 * 1000;

type SessionEnv = Pick<Env, 'DB' | 'HEARTHCAST_SECRET'>;

export interface SessionTokens {
  principal: Principal;
  refreshToken: string;
}

/** Signs a person in on a device: a session of its own, with its first refresh token. */
export async function startSession(
  env: SessionEnv,
  user: Omit<UserRow, 'password_hash'>,
  device: string,
  now: number,
): Promise<SessionTokens> {
  const id = randomId('ats_');
  const refreshToken = firstRefreshToken(id);
  await insertAuthSession(env, {
    id,
    userId: user.id,
    device,
    refreshHash: await hashOfRefreshToken(refreshToken),
    createdAt: now,
    expiresAt: now + SESSION_LIFETIME_MS,
  });
  return { principal: { userId: user.id, name: user.name, role: user.role, authSessionId: id }, refreshToken };
}

/**
 * Goes on with a session. Throws `unauthenticated` when the token is worth nothing; where it was used before, the
 * session ends as a whole, and `onReuse` is told its id.
 */
export async function refreshSession(
  env: SessionEnv,
  token: string,
  now: number,
  onReuse: (authSessionId: string) => Promise<void>,
): Promise<SessionTokens> {
  const id = sessionOfRefreshToken(token);
  if (id === null) throw new HearthcastError('unauthenticated');
  const successor = await successorOf(env, token);
  const [presentedHash, successorHash] = await Promise.all([hashOfRefreshToken(token), hashOfRefreshToken(successor)]);
  const row = await rotateAuthSession(env, {
    id,
    presented: presentedHash,
    next: successorHash,
    now,
    rotatedBefore: now - GRACE_MS,
    expiresAt: now + SESSION_LIFETIME_MS,
  });
  const decision = decideRefresh(row, presentedHash, successorHash, now);
  if (decision === 'reused') {
    await endAuthSession(env, id, now);
    await onReuse(id);
  }
  if (!row || decision === 'over' || decision === 'reused') {
    throw new HearthcastError('unauthenticated', 'This sign-in has ended.');
  }
  const principal = { userId: row.userId, name: row.name, role: row.role, authSessionId: id };
  return { principal, refreshToken: decision === 'same' ? token : successor };
}
