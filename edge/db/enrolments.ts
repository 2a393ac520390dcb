import type { Bindings } from '../bindings.ts';

/**
 * Deletes at most `limit` codes that expired before a time and were never used; answers how many. A used code
 * stays: the row is what makes it work once only.
 */
export async function deleteExpiredEnrolments(
  env: Pick<Bindings, 'DB'>,
  before: number,
  limit: number,
): Promise<number> {
  const { meta } = await env.DB.prepare(
    `DELETE FROM enrolment WHERE code_hash IN (
       SELECT code_hash FROM enrolment WHERE used_at IS NULL AND expires_at < ? LIMIT ?)`,
  )
    .bind(before, limit)
    .run();
  return meta.changes;
}
