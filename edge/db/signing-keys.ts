import type { Bindings } from '../bindings.ts';

/**
 * Begins the next generation of the signing key, unless one began after `notAfter` (ms); answers it, or null.
 * One statement, so that two who rotate at once make one generation.
 */
export async function nextGeneration(env: Pick<Bindings, 'DB'>, now: number, notAfter: number): Promise<number | null> {
  return env.DB.prepare(
    `INSERT INTO signing_key (generation, created_at)
     SELECT max(generation) + 1, ?1 FROM signing_key HAVING max(created_at) <= ?2 RETURNING generation`,
  )
    .bind(now, notAfter)
    .first<number>('generation');
}
