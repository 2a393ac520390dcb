import { expect, it } from 'vitest';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { passwordProblem } from './password-rules.ts';

it.each([
  ['short', 'Use at least 8'],
  ['éèêëēė', 'Use at least 8'],
  ['x'.repeat(257), 'Use at most 256'],
  // One sign that becomes eighteen when it is composed.
  ['\u{fdfa}'.repeat(15), 'Use at most 256'],
  ['password', 'common'],
  ['Password123', 'common'],
  ['ILOVEYOU1!', 'common'],
  ['jellyfin', 'common'],
  ['Liverpool1', 'common'],
  ['aaaaaaaaaa', 'repeats or counts'],
  ['abababababab', 'repeats or counts'],
  ['23456789', 'repeats or counts'],
  ['hgfedcba', 'repeats or counts'],
  ['GraceHopper1', 'a name with little more'],
  ['hearthcast1!', 'a name with little more'],
])('refuses %s', (password, reason) => {
  expect(passwordProblem(password, 'gracehopper')).toContain(reason);
});

it.each([
  'correct horse battery',
  'tvq4 8sk',
  'пароль из слов',
  'ключ🔑ключ🔑 дом',
  'no rules of composition',
  '  spaces count  ',
])('takes %s', (password) => {
  expect(passwordProblem(password, 'gracehopper')).toBeNull();
});

it('knows a list of common ones as they are compared: long enough, in lower case', () => {
  expect(COMMON_PASSWORDS.size).toBeGreaterThan(3000);
  for (const password of COMMON_PASSWORDS) {
    expect([...password].length).toBeGreaterThanOrEqual(8);
    expect(password).toBe(password.normalize('NFKC').toLowerCase());
  }
});
