import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readProofText } from '../../../shared/protocol/sources.ts';
import type { Identity } from '../../link/identity.ts';

/** Signs reads with an agent's own key. */
export type SignRead = (ticket: string, wish: string) => string;

export function readSigner(privateKey: Identity['privateKey']): SignRead {
  const key = createPrivateKey({ key: privateKey, format: 'jwk' });
  return (ticket, wish) => sign(null, Buffer.from(readProofText(ticket, wish)), key).toString('base64url');
}

/** Whether the holder of the key (Ed25519, base64url) asked for this. */
export function provesRead(publicKey: string, ticket: string, wish: string, proof: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    return verify(null, Buffer.from(readProofText(ticket, wish)), key, Buffer.from(proof, 'base64url'));
  } catch {
    // No key of this kind has these bytes.
    return false;
  }
}
