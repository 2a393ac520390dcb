import { HearthcastError } from '../../shared/errors.ts';
import { hasUser, insertFirstOwner, type UserRow, userByName } from '../db/users.ts';
import type { Env } from '../env.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { setupCodeMatches } from './setup-code.ts';

type Known = Omit<UserRow, 'password_hash'>;

/** Makes the first owner. Throws `setup-done` when there is one, also one that a racing setup has just made. */
export async function createFirstOwner(
  env: Pick<Env, 'DB' | 'PASSWORDS' | 'SETUP_CODE'>,
  request: { setupCode: string; username: string; password: string },
  now: number,
): Promise<Known> {
  if (!env.SETUP_CODE) {
    throw new HearthcastError('unavailable', 'SETUP_CODE is not set: set it with `wrangler secret put SETUP_CODE`.');
  }
  if (await hasUser(env)) throw new HearthcastError('setup-done');
  if (!(await setupCodeMatches(request.setupCode, env.SETUP_CODE))) {
    throw new HearthcastError('code-invalid', 'The setup code is wrong. The server prints it when it starts.');
  }
  const passwordHash = await hashPassword(env, request.password);
  const owner = await insertFirstOwner(env, { name: request.username, passwordHash }, now);
  if (!owner) throw new HearthcastError('setup-done');
  return owner;
}

/** The user whom a name and a password prove. Throws `wrong-credentials`, after the same work for any name. */
export async function provePassword(
  env: Pick<Env, 'DB' | 'PASSWORDS'>,
  username: string,
  password: string,
): Promise<Known> {
  const user = await userByName(env, username);
  const valid = await verifyPassword(env, password, user?.password_hash ?? null);
  if (!user || !valid) throw new HearthcastError('wrong-credentials');
  return { id: user.id, name: user.name, role: user.role };
}
