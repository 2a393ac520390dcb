/** NIST SP 800-63B, as the server has it. */
const MIN_PASSWORD = 8;

/** The setup code that the printed link carries (`#code=XXXX`), or an empty text. */
export function codeFromHash(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('code') ?? '';
}

/** What is wrong with a new password, or null. */
export function passwordProblem(
  password: string,
  confirmation: string,
): { field: 'password' | 'confirmation'; text: string } | null {
  if (password.length < MIN_PASSWORD)
    return { field: 'password', text: `Use at least ${MIN_PASSWORD} characters; ${password.length} are too few.` };
  if (password !== confirmation) return { field: 'confirmation', text: 'The two passwords differ.' };
  return null;
}
