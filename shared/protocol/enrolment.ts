import { z } from 'zod';
import { AgentId } from './names.ts';

/** `POST /agent/v1/nonce` answers this: the agent signs it, so that a wrong clock locks nobody out. */
export const NonceAnswer = z.object({ nonce: z.string().max(200), expiresInS: z.number().int().positive() });

/** A raw Ed25519 public key in base64url (43 characters). */
export const PublicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** `POST /agent/v1/enrol`: a one-time code for an identity. The private key never leaves the machine. */
export const EnrolRequest = z.object({
  code: z.string().min(4).max(64),
  publicKey: PublicKey,
  name: z.string().min(1).max(100),
});
export type EnrolRequest = z.infer<typeof EnrolRequest>;

/** `POST`, with the agent's token: the machine takes itself out of the deployment [EN5]. 204, without a body. */
export const LEAVE_PATH = '/agent/v1/leave';

export const EnrolAnswer = z.object({ agentId: AgentId, siteId: z.string(), siteName: z.string() });
export type EnrolAnswer = z.infer<typeof EnrolAnswer>;

/**
 * Claims of the agent's token: a JWT signed with EdDSA, `Authorization: Bearer` on the upgrade and on each
 * sync. `jti` is refused twice on the upgrade; `nonce` is the edge's own, so `exp` is not needed.
 */
export const AgentTokenClaims = z.object({
  sub: AgentId,
  aud: z.string().max(300),
  nonce: z.string().max(200),
  jti: z.string().min(16).max(64),
});
export type AgentTokenClaims = z.infer<typeof AgentTokenClaims>;
