import type { ChangePerson, CreatePerson, Person, ResetCode } from '../../shared/api/users.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import {
  allPeople,
  deletePerson,
  libraryBits,
  type PersonRow,
  personById,
  putResetCode,
  updatePerson,
} from '../db/people.ts';
import { allProfiles } from '../db/profiles.ts';
import { insertUser, type KnownUser } from '../db/users.ts';
import { hashCode, makeCode } from './codes.ts';
import { librariesOf, maskOf } from './library-mask.ts';
import { checkNewPassword } from './password-rules.ts';
import { hashPassword } from './passwords.ts';
import type { Principal } from './principal.ts';
import { mayGrant, mayManage } from './roles.ts';

type Db = Pick<Bindings, 'DB'>;
type AllProfiles = Awaited<ReturnType<typeof allProfiles>>;

/** A household and its friends; every isolate holds them all in memory. */
export const MAX_USERS = 1000;

const RESET_LIFE_MS = 24 * 60 * 60 * 1000;

/** 59 bits: a reset is worth more than an enrolment. */
const RESET_SIGNS = 12;

/** Everybody, as owners and admins see them. */
export async function showPeople(env: Db): Promise<Person[]> {
  const [people, bits, profiles] = await Promise.all([allPeople(env), libraryBits(env), allProfiles(env)]);
  return people.map((person) => show(person, bits, profiles));
}

/** Makes an account. Throws `forbidden` for a role that is not the actor's to give, `conflict` for a taken name. */
export async function createPerson(
  env: Pick<Bindings, 'DB' | 'PASSWORDS'>,
  actor: Principal,
  request: CreatePerson,
  now: number,
): Promise<Person> {
  requireGrant(actor, request.role);
  const bits = await libraryBits(env);
  const libMask = maskOf(request.libraryIds, bits);
  const user = await addUser(env, { ...request, libMask }, now);
  return showOne(env, user.id);
}

/** Makes a user of a checked password. Throws `bad-request` for the password, `conflict` for the name. */
export async function addUser(
  env: Pick<Bindings, 'DB' | 'PASSWORDS'>,
  {
    username,
    password,
    role,
    maxAge,
    libMask,
  }: Pick<CreatePerson, 'username' | 'password' | 'role' | 'maxAge'> & { libMask: number | null },
  now: number,
): Promise<KnownUser> {
  checkNewPassword(password, username);
  const passwordHash = await hashPassword(env, password);
  const user = await insertUser(env, { name: username, role, passwordHash, libMask, maxAge }, MAX_USERS, now);
  if (!user) throw new HearthcastError('conflict', 'This name is taken. Choose another.');
  return user;
}

/** Sets what an admin sets of a person. Throws `forbidden`, `not-found`, or `conflict` for the last owner. */
export async function changePerson(
  env: Db,
  actor: Principal,
  id: number,
  change: ChangePerson,
  now: number,
): Promise<Person> {
  const target = await manageable(env, actor, id);
  if (change.role !== target.role) requireGrant(actor, change.role);
  const libMask = maskOf(change.libraryIds, await libraryBits(env));
  const changed = await updatePerson(env, { ...change, id, libMask }, now);
  if (!changed) throw lastOwner();
  return showOne(env, id);
}

/** Deletes a person and what is theirs; answers whom. Throws as `changePerson`. */
export async function removePerson(env: Db, actor: Principal, id: number): Promise<KnownUser> {
  const target = await manageable(env, actor, id);
  if (!(await deletePerson(env, id))) throw lastOwner();
  return target;
}

/** A one-time code by which a person sets a new password. Throws as `changePerson`. */
export async function createResetCode(
  env: Db,
  actor: Principal,
  id: number,
  now: number,
): Promise<{ code: ResetCode; target: KnownUser }> {
  const target = await manageable(env, actor, id);
  const code = makeCode(RESET_SIGNS);
  const expiresAt = now + RESET_LIFE_MS;
  await putResetCode(env, { userId: id, hash: await hashCode('reset', code), expiresAt });
  return { code: { code, expiresAt }, target };
}

/** The person of an id whom the actor may manage. Throws `not-found` or `forbidden`. */
export async function manageable(env: Db, actor: Principal, id: number): Promise<PersonRow> {
  const target = await personById(env, id);
  if (!target) throw new HearthcastError('not-found', 'There is no such person.');
  if (target.id === actor.userId) {
    throw new HearthcastError('forbidden', 'Nobody changes their own account here: ask another owner.');
  }
  if (!mayManage(actor, target)) throw new HearthcastError('forbidden', `Only an owner may change ${target.name}.`);
  return target;
}

export function requireGrant(actor: Principal, role: CreatePerson['role'] | 'owner'): void {
  if (!mayGrant(actor.role, role)) throw new HearthcastError('forbidden', `Only an owner may make somebody ${role}.`);
}

async function showOne(env: Db, id: number): Promise<Person> {
  const [person, bits, profiles] = await Promise.all([personById(env, id), libraryBits(env), allProfiles(env)]);
  if (!person) throw new HearthcastError('not-found', 'There is no such person.');
  return show(person, bits, profiles);
}

function show(person: PersonRow, bits: { id: number; bit: number }[], profiles: AllProfiles): Person {
  const { id, name, role, disabledAt, libMask, maxAge, createdAt, lastSeenAt } = person;
  const disabled = disabledAt !== null;
  return {
    id: String(id),
    name,
    role,
    disabled,
    libraryIds: librariesOf(libMask, bits),
    maxAge,
    createdAt,
    lastSeenAt,
    profiles: profiles
      .filter((profile) => profile.accountId === id)
      .map((profile) => ({ id: String(profile.id), name: profile.name, role: profile.role })),
  };
}

const lastOwner = () => new HearthcastError('conflict', 'There must be an owner who can sign in.');
