import { HearthcastError } from '../../shared/errors.ts';
import type { EnrolAnswer, EnrolRequest } from '../../shared/protocol/enrolment.ts';
import type { Env } from '../env.ts';
import { hashCode, makeCode } from './codes.ts';
import { randomId } from './sealed.ts';

const CODE_LIFE_MS = 24 * 60 * 60 * 1000;

/** 39 bits. */
const CODE_SIGNS = 8;

/** The site of the first agent, where nobody has named one. */
const FIRST_SITE = 'Home';

/**
 * A one-time code that enrols one machine at a site within 24 hours. Only its hash is kept.
 * `expiresAt` is in milliseconds since 1970.
 */
export async function createEnrolment(
  env: Pick<Env, 'DB'>,
  siteId: number,
  now: number,
): Promise<{ code: string; expiresAt: number }> {
  const code = makeCode(CODE_SIGNS);
  const expiresAt = now + CODE_LIFE_MS;
  await env.DB.prepare('INSERT INTO enrolment (code_hash, site_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)')
    .bind(await hashCode('enrolment', code), siteId, now, expiresAt)
    .run();
  return { code, expiresAt };
}

/**
 * Makes an agent of whoever holds an unused code. A code is spent in the same transaction that writes the
 * agent, so two machines with one code cannot both come in. Throws `code-invalid`.
 */
export async function enrolAgent(
  env: Pick<Env, 'DB' | 'ENROLMENT_CODE' | 'AGENT_LINK'>,
  request: EnrolRequest,
  now: number,
): Promise<EnrolAnswer> {
  const codeHash = await hashCode('enrolment', request.code);
  if (env.ENROLMENT_CODE && codeHash === (await hashCode('enrolment', env.ENROLMENT_CODE)))
    await admitFirst(env, codeHash, now);
  const site = await env.DB.prepare(
    `SELECT site.id, site.name FROM enrolment JOIN site ON site.id = enrolment.site_id
     WHERE code_hash = ?1 AND used_at IS NULL AND expires_at > ?2`,
  )
    .bind(codeHash, now)
    .first<{ id: number; name: string }>();
  if (!site) throw new HearthcastError('code-invalid');

  const agentId = randomId('agt_');
  // The link learns the key first: an agent in D1 that can never connect would be worse than a key unused.
  const link = env.AGENT_LINK.getByName(agentId);
  await link.enrol(agentId, request.publicKey);
  const [, made] = await env.DB.batch([
    env.DB.prepare(
      'UPDATE enrolment SET used_at = ?2, agent_id = ?3 WHERE code_hash = ?1 AND used_at IS NULL AND expires_at > ?2',
    ).bind(codeHash, now, agentId),
    env.DB.prepare(
      `INSERT INTO agent (id, site_id, name, public_key, created_at)
       SELECT agent_id, site_id, ?2, ?3, ?4 FROM enrolment WHERE agent_id = ?1 RETURNING id`,
    ).bind(agentId, request.name, request.publicKey, now),
  ]);
  if (made?.results.length !== 1) {
    await link.remove();
    throw new HearthcastError('code-invalid');
  }
  return { agentId, siteId: String(site.id), siteName: site.name };
}

/** Records the code that the deployment was started with, once, at the first site there is. */
async function admitFirst(env: Pick<Env, 'DB'>, codeHash: string, now: number): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      'INSERT INTO site (name, created_at) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM site) ON CONFLICT DO NOTHING',
    ).bind(FIRST_SITE, now),
    env.DB.prepare(
      `INSERT INTO enrolment (code_hash, site_id, created_at, expires_at)
       SELECT ?1, min(id), ?2, ?3 FROM site WHERE true ON CONFLICT DO NOTHING`,
    ).bind(codeHash, now, now + CODE_LIFE_MS),
  ]);
}
