import type { ChangeProfile, CreateProfile, OpenProfile, Profile } from '../../shared/api/profiles.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import { deleteProfile, libraryBits } from '../db/people.ts';
import { insertProfile, type ProfileRow, profileOf, profilesOf, setPin, updateProfile } from '../db/profiles.ts';
import { userById } from '../db/users.ts';
import { librariesOf, maskOf } from './library-mask.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { MAX_USERS } from './people.ts';
import { provePin } from './pins.ts';
import type { Principal } from './principal.ts';
import { randomId } from './sealed.ts';

type Db = Pick<Bindings, 'DB'>;
type PinEnv = Pick<Bindings, 'DB' | 'PASSWORDS'>;

/** Profiles of one account beside its own. */
const MAX_PROFILES = 8;

/** The profiles of the asker's account, its own first. */
export async function showProfiles(env: Db, asker: Principal): Promise<Profile[]> {
  const [profiles, bits] = await Promise.all([profilesOf(env, asker.accountId), libraryBits(env)]);
  return profiles.map((profile) => show(profile, asker, bits));
}

/** Makes a profile. Throws `conflict` for a taken name or one too many, `bad-request` for a library that is none. */
export async function createProfile(env: PinEnv, account: Principal, request: CreateProfile, now: number) {
  const { name, role, maxAge } = request;
  const libMask = await maskWithin(env, account, request.libraryIds);
  const pinHash = request.pin === null ? null : await hashPassword(env, request.pin);
  const profile = { accountId: account.accountId, internalName: randomId('profile '), name, role, pinHash };
  const limits = { max: MAX_PROFILES, maxUsers: MAX_USERS };
  const id = await insertProfile(env, { ...profile, libMask, maxAge }, limits, now);
  if (id === null) throw taken(`This name is taken, or there are ${MAX_PROFILES} profiles already.`);
  return showOne(env, account, id);
}

/** Sets what a profile is called and may see. Throws `not-found`, and as `createProfile`. */
export async function changeProfile(env: Db, account: Principal, id: number, change: ChangeProfile): Promise<Profile> {
  const { accountId } = account;
  const known = await profileOf(env, accountId, id);
  if (!known || known.id === accountId) throw unknown();
  const { name, role, maxAge } = change;
  const libMask = await maskWithin(env, account, change.libraryIds);
  if (!(await updateProfile(env, { id, accountId, name, role, libMask, maxAge }))) throw taken('This name is taken.');
  return showOne(env, account, id);
}

/** Sets the PIN of a profile, the account's own included; null takes it away. Throws `not-found`. */
export async function changePin(env: PinEnv, account: Principal, id: number, pin: string | null): Promise<Profile> {
  if (!(await profileOf(env, account.accountId, id))) throw unknown();
  await setPin(env, id, pin === null ? null : await hashPassword(env, pin));
  return showOne(env, account, id);
}

/** Deletes a profile and what is its own; answers its name. The account's own goes with the account. Throws `not-found`. */
export async function removeProfile(env: Db, account: Principal, id: number): Promise<string> {
  const profile = await profileOf(env, account.accountId, id);
  if (!profile || !(await deleteProfile(env, account.accountId, id))) throw unknown();
  return profile.name;
}

/** Whether somebody comes into a profile of their account only with its PIN or the password. Out of a child's, always. */
export function needsProof(asker: Pick<Principal, 'userId' | 'role'>, target: Pick<ProfileRow, 'id' | 'pinHash'>) {
  return target.id !== asker.userId && (target.pinHash !== null || asker.role === 'child');
}

/**
 * The profile that somebody goes on in. Throws `not-found`, `forbidden` where a PIN or the password is needed and none
 * was given, `wrong-credentials`, `rate-limited`.
 */
export async function proveProfile(
  env: PinEnv,
  asker: Principal,
  id: number,
  { pin, password }: Pick<OpenProfile, 'pin' | 'password'>,
  now: number,
): Promise<ProfileRow> {
  const profile = await profileOf(env, asker.accountId, id);
  if (!profile) throw unknown();
  if (!needsProof(asker, profile)) return profile;
  if (password !== undefined) {
    const account = await userById(env, asker.accountId);
    if (!(await verifyPassword(env, password, account?.passwordHash ?? null))) {
      throw new HearthcastError('wrong-credentials', 'The password is wrong.');
    }
    return profile;
  }
  if (profile.pinHash === null) {
    throw new HearthcastError('forbidden', 'This profile has no PIN: it needs the account’s password.');
  }
  if (pin === undefined) throw new HearthcastError('forbidden', 'This profile needs its PIN.');
  await provePin(env, profile, pin, now);
  return profile;
}

async function showOne(env: Db, asker: Principal, id: number): Promise<Profile> {
  const [profile, bits] = await Promise.all([profileOf(env, asker.accountId, id), libraryBits(env)]);
  if (!profile) throw unknown();
  return show(profile, asker, bits);
}

/** Among the libraries that the account sees: one that it does not see is as one that does not exist. */
async function maskWithin(env: Db, { restrictions }: Principal, ids: string[] | null): Promise<number | null> {
  const bits = await libraryBits(env);
  const seen = new Set(librariesOf(restrictions.libMask, bits) ?? bits.map(({ id }) => String(id)));
  return maskOf(
    ids,
    bits.filter(({ id }) => seen.has(String(id))),
  );
}

function show(profile: ProfileRow, asker: Principal, bits: { id: number; bit: number }[]): Profile {
  const { id, accountId, name, role, pinHash, libMask, maxAge } = profile;
  const inOwn = asker.userId === asker.accountId;
  return {
    id: String(id),
    name,
    role,
    main: id === accountId,
    pin: pinHash !== null,
    current: id === asker.userId,
    limits: inOwn ? { libraryIds: librariesOf(libMask, bits), maxAge } : null,
  };
}

const unknown = () => new HearthcastError('not-found', 'This account has no such profile.');
const taken = (detail: string) => new HearthcastError('conflict', detail);
