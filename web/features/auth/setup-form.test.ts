import { describe, expect, it } from 'vitest';
import { codeFromHash, passwordProblem } from './setup-form.ts';

describe('the setup link', () => {
  it('carries the code behind the hash, with or without its sign', () => {
    expect(codeFromHash('#code=ABCD-1234')).toBe('ABCD-1234');
    expect(codeFromHash('code=ABCD-1234')).toBe('ABCD-1234');
  });

  it('may have no code', () => {
    expect(codeFromHash('')).toBe('');
    expect(codeFromHash('#other=1')).toBe('');
  });
});

describe('a new password', () => {
  it('needs eight characters and nothing else', () => {
    expect(passwordProblem('1234567', '1234567')?.field).toBe('password');
    expect(passwordProblem('12345678', '12345678')).toBeNull();
  });

  it('must be typed the same twice', () => {
    expect(passwordProblem('correct horse', 'correct hose')?.field).toBe('confirmation');
  });
});
