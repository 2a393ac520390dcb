import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { NonceAnswer } from '../../shared/protocol/enrolment.ts';
import type { Identity } from './identity.ts';

const NONCE_TIMEOUT_MS = 10_000;

/** A nonce is not signed any more when this much of its life is left, so that the way to the edge does not outlast it. */
const NONCE_RESERVE_S = 60;

/** Makes the agent's tokens. One nonce of the edge serves several tokens; each has a `jti` of its own. */
export class TokenSource {
  readonly #edge: string;
  readonly #identity: Identity;
  #nonce: { value: string; until: number } | null = null;

  constructor(edge: string, identity: Identity) {
    this.#edge = edge;
    this.#identity = identity;
  }

  /** A fresh token. Rejects where the edge cannot be reached. */
  async token(signal: AbortSignal): Promise<string> {
    const key = await importJWK(this.#identity.privateKey, 'EdDSA');
    // No `exp`: it would be by this machine's clock. The nonce's age is by the edge's.
    return new SignJWT({ nonce: await this.#freshNonce(signal) })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject(this.#identity.agentId)
      .setAudience(this.#edge)
      .setJti(randomUUID())
      .sign(key);
  }

  async #freshNonce(signal: AbortSignal): Promise<string> {
    if (this.#nonce && performance.now() < this.#nonce.until) return this.#nonce.value;
    const response = await fetch(`${this.#edge}/agent/v1/nonce`, {
      method: 'POST',
      signal: AbortSignal.any([signal, AbortSignal.timeout(NONCE_TIMEOUT_MS)]),
    });
    if (!response.ok) throw new Error(`The edge gave no nonce: ${response.status}`);
    const { nonce, expiresInS } = NonceAnswer.parse(await response.json());
    // By the monotonic clock: setting the machine's clock must not keep an old nonce alive.
    this.#nonce = { value: nonce, until: performance.now() + Math.max(0, expiresInS - NONCE_RESERVE_S) * 1000 };
    return nonce;
  }
}
