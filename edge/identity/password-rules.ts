import { HearthcastError } from '../../shared/errors.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { MAX_LENGTH } from './passwords.ts';

/** Signs, as a person counts them (NIST SP 800-63B: eight at least). */
const MIN_LENGTH = 8;

/** Words of this server that a guesser tries first. */
const OWN_WORDS = ['hearthcast', 'hearth'];

/**
 * What is wrong with a new password, in words for its person, or null. By NIST SP 800-63B: length, and a list of
 * what everybody guesses; no rules of composition.
 */
export function passwordProblem(password: string, username: string): string | null {
  const normal = password.normalize('NFKC');
  if ([...normal].length < MIN_LENGTH) return `Use at least ${MIN_LENGTH} characters.`;
  if (normal.length > MAX_LENGTH) return `Use at most ${MAX_LENGTH} characters.`;
  const plain = normal.toLowerCase();
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(plain.replace(/[!?.*]+$/, ''))) {
    return 'This password is on every list of common ones. A few words in a row are best.';
  }
  if (repeatsOrCounts(plain)) return 'This password only repeats or counts. A few words in a row are best.';
  const name = username.normalize('NFKC').trim().toLowerCase();
  if ([name, ...OWN_WORDS].some((word) => word !== '' && rest(plain, word) < 4)) {
    return 'This password is a name with little more. A few words in a row are best.';
  }
  return null;
}

/** Throws `bad-request` where a new password is no good. */
export function checkNewPassword(password: string, username: string): void {
  const problem = passwordProblem(password, username);
  if (problem !== null) throw new HearthcastError('bad-request', problem);
}

/** Signs that are left of a password without a word; infinite where it does not hold the word. */
function rest(password: string, word: string): number {
  return password.includes(word) ? password.replaceAll(word, '').length : Number.POSITIVE_INFINITY;
}

/** `aaaaaaaa`, `abababab`, `23456789`, `hgfedcba`. */
function repeatsOrCounts(text: string): boolean {
  const codes = [...text].map((sign) => sign.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0));
  const counts = [1, -1].some((step) => steps.every((other) => other === step));
  const repeats = [1, 2].some((period) => codes.every((code, i) => i < period || code === codes[i - period]));
  return counts || repeats;
}
