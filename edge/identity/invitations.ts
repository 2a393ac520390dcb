import type { CreatedInvitation, CreateInvitation, Invitation, JoinRequest } from '../../shared/api/users.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import {
  type InvitationRow,
  insertInvitation,
  latestInvitations,
  openInvitation,
  releaseInvitation,
  takeInvitation,
} from '../db/invitations.ts';
import { libraryBits } from '../db/people.ts';
import { type KnownUser, userByName } from '../db/users.ts';
import { hashCode, makeCode } from './codes.ts';
import { librariesOf, maskOf } from './library-mask.ts';
import { checkNewPassword } from './password-rules.ts';
import { addUser, requireGrant } from './people.ts';
import type { Principal } from './principal.ts';

type Db = Pick<Bindings, 'DB'>;

const DAY_MS = 24 * 60 * 60 * 1000;

/** 78 bits: it lives for weeks, in messages. */
const CODE_SIGNS = 16;

const MAX_OPEN = 100;
const MAX_SHOWN = 200;

/** Invites one person with a role and libraries. The code is in this answer and nowhere else. */
export async function createInvitation(
  env: Db,
  actor: Principal,
  request: CreateInvitation,
  now: number,
): Promise<CreatedInvitation> {
  requireGrant(actor, request.role);
  const bits = await libraryBits(env);
  const code = makeCode(CODE_SIGNS);
  const row = {
    role: request.role,
    libMask: maskOf(request.libraryIds, bits),
    maxAge: request.maxAge,
    note: request.note,
    createdBy: actor.userId,
    createdAt: now,
    expiresAt: now + request.expiresInDays * DAY_MS,
  };
  const id = await insertInvitation(env, { ...row, codeHash: await hashCode('invitation', code) }, MAX_OPEN);
  if (id === null) throw new HearthcastError('conflict', `${MAX_OPEN} invitations are open. Revoke one first.`);
  return { ...show({ ...row, id, usedAt: null, usedBy: null, revokedAt: null }, bits, now), code };
}

/** The newest invitations, open and over. */
export async function showInvitations(env: Db, now: number): Promise<Invitation[]> {
  const [rows, bits] = await Promise.all([latestInvitations(env, MAX_SHOWN), libraryBits(env)]);
  return rows.map((row) => show(row, bits, now));
}

/** The open invitation of a code. Throws `code-invalid`. */
export async function invitationOf(env: Db, code: string, now: number): Promise<InvitationRow> {
  const invitation = await openInvitation(env, await hashCode('invitation', code), now);
  if (!invitation) throw new HearthcastError('code-invalid', 'This invitation was used, revoked, or has expired.');
  return invitation;
}

/** Makes the account of whoever holds an invitation. Throws `code-invalid`, `bad-request` or `conflict`. */
export async function join(
  env: Pick<Bindings, 'DB' | 'PASSWORDS'>,
  request: JoinRequest,
  now: number,
): Promise<KnownUser> {
  const { id, role, libMask, maxAge } = await invitationOf(env, request.code, now);
  checkNewPassword(request.password, request.username);
  if (await userByName(env, request.username)) throw nameTaken();
  // Spent first: two who hold one code must not both come in while a password is hashed.
  if (!(await takeInvitation(env, id, request.username, now))) throw new HearthcastError('code-invalid');
  try {
    return await addUser(env, { ...request, role, libMask, maxAge }, now);
  } catch (error) {
    await releaseInvitation(env, id);
    throw error;
  }
}

function show(row: Omit<InvitationRow, 'createdBy'>, bits: { id: number; bit: number }[], now: number): Invitation {
  const { id, role, libMask, maxAge, note, usedBy, createdAt, expiresAt } = row;
  const state = stateOf(row, now);
  const libraryIds = librariesOf(libMask, bits);
  return { id: String(id), role, libraryIds, maxAge, note, state, usedBy, createdAt, expiresAt };
}

function stateOf(row: Pick<InvitationRow, 'usedAt' | 'revokedAt' | 'expiresAt'>, now: number): Invitation['state'] {
  if (row.usedAt !== null) return 'used';
  if (row.revokedAt !== null) return 'revoked';
  return row.expiresAt <= now ? 'expired' : 'open';
}

const nameTaken = () => new HearthcastError('conflict', 'This name is taken. Choose another.');
