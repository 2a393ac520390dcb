import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import { endAuthSession, insertAuthSession, rotateAuthSession } from '../db/auth-sessions.ts';
import type { KnownUser } from '../db/users.ts';
import type { SignIn } from './principal.ts';
import { decideRefresh, GRACE_MS } from './refresh-decision.ts';
import { firstRefreshToken, hashOfRefreshToken, sessionOfRefreshToken, successorOf } from './refresh-tokens.ts';
import { randomId } from './sealed.ts';

type SessionEnv = Pick<Bindings, 'DB' | 'HEARTHCAST_SECRET'>;

export interface SessionTokens {
  signIn: SignIn;
  refreshToken: string;
  /** A device that does not come back within this must sign in again. */
  lifetimeMs: number;
  /** Sign-ins that ended because this one was one too many. */
  displaced: readonly string[];
}

/**
 * Signs a person in on a device: a session of its own, with its first refresh token. Sessions belong to accounts; of a
 * profile `accountId` is whose it is.
 */
export async function startSession(
  env: SessionEnv,
  user: KnownUser & { accountId?: number },
  device: { name: string; address: string },
  { lifetimeMs, now }: { lifetimeMs: number; now: number },
): Promise<SessionTokens> {
  const id = randomId('ats_');
  const refreshToken = firstRefreshToken(id);
  const accountId = user.accountId ?? user.id;
  const displaced = await insertAuthSession(env, {
    id,
    userId: accountId,
    profileId: accountId === user.id ? null : user.id,
    device: device.name,
    address: device.address,
    refreshHash: await hashOfRefreshToken(refreshToken),
    createdAt: now,
    expiresAt: now + lifetimeMs,
  });
  const signIn = { userId: user.id, name: user.name, role: user.role, authSessionId: id };
  return { signIn, refreshToken, lifetimeMs, displaced };
}

/**
 * Goes on with a session. Throws `unauthenticated` when the token is worth nothing; where it was used before, the
 * session ends as a whole, and `onReuse` is told whose it was.
 */
export async function refreshSession(
  env: SessionEnv,
  token: string,
  { lifetimeMs, now }: { lifetimeMs: number; now: number },
  onReuse: (signIn: SignIn) => Promise<void>,
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
    expiresAt: now + lifetimeMs,
  });
  const decision = decideRefresh(row, presentedHash, successorHash, now);
  if (!row || decision === 'over') throw ended();
  const signIn = { userId: row.userId, name: row.name, role: row.role, authSessionId: id };
  if (decision === 'reused') {
    await endAuthSession(env, id, now);
    await onReuse(signIn);
    throw ended();
  }
  return { signIn, refreshToken: decision === 'same' ? token : successor, lifetimeMs, displaced: [] };
}

const ended = () => new HearthcastError('unauthenticated', 'This sign-in has ended.');
