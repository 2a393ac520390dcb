import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import { resetCodeOwner, takeResetCode } from '../db/people.ts';
import { hasUser, insertFirstOwner, type KnownUser, setPassword, userById, userByName } from '../db/users.ts';
import { hashCode } from './codes.ts';
import { checkNewPassword } from './password-rules.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { setupCodeMatches } from './setup-code.ts';

type PasswordEnv = Pick<Bindings, 'DB' | 'PASSWORDS'>;

/** Makes the first owner. Throws `setup-done` when there is one, also one that a racing setup has just made. */
export async function createFirstOwner(
  env: Pick<Bindings, 'DB' | 'PASSWORDS' | 'SETUP_CODE'>,
  request: { setupCode: string; username: string; password: string },
  now: number,
): Promise<KnownUser> {
  if (!env.SETUP_CODE) {
    throw new HearthcastError('unavailable', 'SETUP_CODE is not set: set it with `wrangler secret put SETUP_CODE`.');
  }
  if (await hasUser(env)) throw new HearthcastError('setup-done');
  if (!(await setupCodeMatches(request.setupCode, env.SETUP_CODE))) {
    throw new HearthcastError('code-invalid', 'The setup code is wrong. The server prints it when it starts.');
  }
  checkNewPassword(request.password, request.username);
  const passwordHash = await hashPassword(env, request.password);
  const owner = await insertFirstOwner(env, { name: request.username, passwordHash }, now);
  if (!owner) throw new HearthcastError('setup-done');
  return owner;
}

/**
 * The user whom a name and a password prove. Throws `wrong-credentials`, after the same work for any name, and
 * `forbidden` where the password is right and the account is turned off.
 */
export async function provePassword(env: PasswordEnv, username: string, password: string): Promise<KnownUser> {
  const user = await userByName(env, username);
  const valid = await verifyPassword(env, password, user?.passwordHash ?? null);
  if (!user || !valid) throw new HearthcastError('wrong-credentials');
  if (user.disabledAt !== null) throw new HearthcastError('forbidden', 'This account is turned off. Ask the owner.');
  return { id: user.id, name: user.name, role: user.role };
}

/** Sets one's own password. Throws `wrong-credentials` for the current one, `bad-request` for the new one. */
export async function changePassword(
  env: PasswordEnv,
  userId: number,
  { current, password }: { current: string; password: string },
  now: number,
): Promise<void> {
  const user = await userById(env, userId);
  const valid = await verifyPassword(env, current, user?.passwordHash ?? null);
  if (!user || !valid) throw new HearthcastError('wrong-credentials', 'The current password is wrong.');
  checkNewPassword(password, user.name);
  await setPassword(env, userId, await hashPassword(env, password), now);
}

/** Sets the password of whoever holds a reset code, and spends the code. Throws `code-invalid` or `bad-request`. */
export async function resetPassword(
  env: PasswordEnv,
  { code, password }: { code: string; password: string },
  now: number,
): Promise<KnownUser> {
  const hash = await hashCode('reset', code);
  const owner = await resetCodeOwner(env, hash, now);
  const user = owner === null ? null : await userById(env, owner);
  if (!user || user.disabledAt !== null) throw new HearthcastError('code-invalid');
  // Before it is spent: a password that is refused must not cost the code.
  checkNewPassword(password, user.name);
  const passwordHash = await hashPassword(env, password);
  if ((await takeResetCode(env, hash, now)) === null) throw new HearthcastError('code-invalid');
  await setPassword(env, user.id, passwordHash, now);
  return { id: user.id, name: user.name, role: user.role };
}
