import { z } from 'zod';
import type { SeeAs } from '../../shared/api/users.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import { principalOf } from './identify.ts';
import { macKey } from './keys.ts';
import type { Principal } from './principal.ts';
import { mayGrant } from './roles.ts';
import { seal, unseal } from './sealed.ts';
import type { StandingList } from './standing.ts';

type Secret = Pick<Bindings, 'HEARTHCAST_SECRET'>;

/** Long enough to look around; the catalog is to be seen with one's own eyes again without having to think of it. */
const VIEW_LIFE_MS = 30 * 60_000;

/** Above this no word of ours is. */
const MAX_WORD = 300;

/** Has nothing watched, rated or listed: what a person did is theirs, also before those who look after them. */
const NOBODY = -1;

/** Whose sign-in it is, whose eyes, and until when (s since 1970). */
const Payload = z.tuple([z.string(), z.number().int().positive(), z.number().int()]);

/**
 * The word by which an owner or an admin sees the catalog as somebody else, within this sign-in. Making it is what is
 * written into the log, so nobody sees as another unseen. Throws `not-found`, and `forbidden` for who is not below them.
 */
export async function openView(
  env: Secret,
  list: StandingList,
  actor: Principal,
  targetId: number,
  now: number,
): Promise<SeeAs> {
  const { name, role } = viewed(list, actor, targetId);
  const expiresS = Math.floor((now + VIEW_LIFE_MS) / 1000);
  const payload: z.infer<typeof Payload> = [actor.authSessionId, targetId, expiresS];
  const word = await seal(await macKey(env, 'see-as'), JSON.stringify(payload));
  return { word, name, role, expiresAt: expiresS * 1000 };
}

/**
 * Who an owner or an admin is taken for with a word of `openView`: the other's restrictions, as they are now, and
 * nobody's history. Throws `forbidden` for a word that is not of this sign-in, or is over.
 */
export async function viewAs(
  env: Secret,
  list: StandingList,
  actor: Principal,
  word: string,
  now: number,
): Promise<Principal> {
  const text = word.length <= MAX_WORD ? await unseal(await macKey(env, 'see-as'), word) : null;
  const [authSessionId, targetId, expiresS] = text === null ? [] : Payload.parse(JSON.parse(text));
  if (targetId === undefined || authSessionId !== actor.authSessionId || now >= (expiresS ?? 0) * 1000) {
    throw new HearthcastError('forbidden', 'You see with your own eyes again: the view as somebody else is over.');
  }
  const { userId, ...eyes } = viewed(list, actor, targetId);
  return { ...eyes, userId: NOBODY, hiddenAsOf: userId };
}

/** Somebody below the actor, as they are now. */
function viewed(list: StandingList, actor: Principal, targetId: number): Principal {
  const person = list.people.get(targetId);
  const target = person && principalOf(list, person, actor.authSessionId, null);
  if (!target) throw new HearthcastError('not-found', 'There is no such person, or the account is turned off.');
  if (target.userId === actor.userId || !mayGrant(actor.role, target.role)) {
    throw new HearthcastError('forbidden', `You cannot see as ${target.name}.`);
  }
  return target;
}
