import { HearthcastError } from '../../shared/errors.ts';
import { profileNames } from '../db/profiles.ts';
import { hiddenFrom, hideFrom } from '../db/scopes.ts';
import type { Env } from '../env.ts';

type Db = Pick<Env, 'DB'>;

/**
 * Hides facets from a person, and from all who share the account: a profile has what is hidden from its account, and
 * more where that was asked. What is shown to the account again stays hidden from a profile until that one's own list
 * is set: never is more shown than somebody said. Answers who it is. Throws `not-found`.
 */
export async function hideFromPerson(env: Db, userId: number, facetIds: readonly number[]): Promise<string> {
  const family = await profileNames(env, userId);
  const person = family.find(({ id }) => id === userId);
  if (!person) throw new HearthcastError('not-found', 'There is no such person.');
  const { accountId } = person;
  if (userId !== accountId) {
    await hideFrom(env, userId, [...facetIds, ...(await hiddenIds(env, accountId))]);
    return person.name;
  }
  await hideFrom(env, userId, facetIds);
  for (const { id } of family.filter((other) => other.id !== userId)) {
    await hideFrom(env, id, [...facetIds, ...(await hiddenIds(env, id))]);
  }
  return person.name;
}

async function hiddenIds(env: Db, userId: number): Promise<number[]> {
  return (await hiddenFrom(env, userId)).map(({ id }) => id);
}
