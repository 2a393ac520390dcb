import { toBase64Url } from './sealed.ts';

/** No letters or digits that are taken for one another: 30 signs, so each carries 4.9 bits. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** The largest multiple of 30 that a byte holds. */
const FAIR_BELOW = 240;

const GROUP = 4;

/** A code for people to read and type, in groups of four signs: `ABCD-EFGH`. */
export function makeCode(signs: number): string {
  let code = '';
  while (code.length < signs) {
    for (const byte of crypto.getRandomValues(new Uint8Array(signs))) {
      // Bytes beyond the last whole multiple would make the first signs likelier than the others.
      if (byte < FAIR_BELOW && code.length < signs) code += ALPHABET[byte % ALPHABET.length];
    }
  }
  return code.match(new RegExp(`.{1,${GROUP}}`, 'g'))?.join('-') ?? code;
}

/**
 * What the database keeps of a code: a SHA-256 of the code as a person may type it, in any case, with any dashes and
 * spaces. A code of one purpose is nothing for another.
 */
export async function hashCode(
  purpose: 'enrolment' | 'invitation' | 'reset' | 'pairing',
  code: string,
): Promise<string> {
  const plain = code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`hearthcast:${purpose}:${plain}`));
  return toBase64Url(new Uint8Array(digest));
}
