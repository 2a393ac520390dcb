import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import type { PersonStanding } from '../db/standing.ts';
import { claimedGeneration, verifyAccessToken } from './access-tokens.ts';
import { hashOfApiKey } from './api-keys.ts';
import type { Principal } from './principal.ts';
import { narrower, type Restrictions, UNRESTRICTED } from './restrictions.ts';
import { acceptedGenerations } from './signing-keys.ts';
import type { Reader, Standing, StandingList } from './standing.ts';

/** A token is made in whole seconds: so much earlier than it says it may have been made. */
const TOKEN_GRAIN_MS = 1000;

/**
 * Whom an access token names, as they are now. No I/O while the isolate's list is fresh and knows the person.
 * Throws `unauthenticated`, `token-expired` when only a refresh can tell, `unavailable` when nothing can be read.
 */
export async function identifyToken(
  env: Pick<Bindings, 'HEARTHCAST_SECRET'>,
  standing: Standing,
  reader: Reader,
  token: string,
  now: number,
): Promise<Principal> {
  let list = await standing.list(reader);
  const generation = claimedGeneration(token);
  if (generation === null) throw new HearthcastError('unauthenticated');
  if (!acceptedGenerations(list.signing, now).includes(generation)) list = await standing.newerThan(list, reader);
  const { signIn, issuedAt } = await verifyAccessToken(env, token, now, acceptedGenerations(list.signing, now));
  // A token newer than the list: so may its person be. An older one is of somebody who is gone.
  if (!list.people.has(signIn.userId) && issuedAt + TOKEN_GRAIN_MS > list.readAt) {
    list = await standing.newerThan(list, reader, true);
  }
  const person = list.people.get(signIn.userId);
  const principal = person && principalOf(list, person, signIn.authSessionId, null);
  if (!principal || standing.hasEnded(list, signIn.authSessionId)) {
    throw new HearthcastError('unauthenticated', 'This sign-in has ended.');
  }
  if (issuedAt < list.believedFrom || issuedAt + TOKEN_GRAIN_MS <= signedOutAt(list, principal)) {
    throw new HearthcastError('token-expired');
  }
  return principal;
}

/** Whose API key it is, and what it may do. Throws `unauthenticated` for one that is unknown, ended or expired. */
export async function identifyKey(standing: Standing, reader: Reader, apiKey: string, now: number): Promise<Principal> {
  const hash = await hashOfApiKey(apiKey);
  let list = await standing.list(reader);
  if (!list.keys.has(hash)) list = await standing.newerThan(list, reader);
  const key = list.keys.get(hash);
  const person = key && list.people.get(key.userId);
  const principal = person && principalOf(list, person, key.id, key.scopes);
  if (!principal || standing.hasEnded(list, key.id) || (key.expiresAt !== null && key.expiresAt <= now)) {
    throw new HearthcastError('unauthenticated', 'This API key is unknown, ended or expired.');
  }
  return { ...principal, until: key.expiresAt };
}

/** Somebody as they are now; null for a profile whose account is off or gone. A profile is never more than its account. */
export function principalOf(
  list: StandingList,
  person: PersonStanding,
  authSessionId: string,
  scopes: Principal['scopes'],
): Principal | null {
  const { id, name } = person;
  if (person.accountId === null) {
    const restrictions = restrictionsOf(person);
    return { userId: id, accountId: id, name, role: person.role, authSessionId, scopes, restrictions };
  }
  const account = list.people.get(person.accountId);
  if (!account) return null;
  const role = account.role === 'child' || person.role === 'child' ? 'child' : 'member';
  const restrictions = narrower(restrictionsOf(account), person);
  return { userId: id, accountId: account.id, name, role, authSessionId, scopes, restrictions };
}

/** Tokens from before are worth nothing: a password that is changed ends those of all profiles. */
function signedOutAt({ people }: StandingList, { userId, accountId }: Principal): number {
  return Math.max(...[userId, accountId].map((id) => people.get(id)?.signedOutAt ?? 0));
}

/** Owners and admins could lift any restriction of theirs, so they have none. */
function restrictionsOf({ role, libMask, maxAge }: PersonStanding): Restrictions {
  return role === 'owner' || role === 'admin' ? UNRESTRICTED : { libMask, maxAge };
}
