const normal = (code: string) => code.toUpperCase().replaceAll(/[-\s]/g, '');

const digest = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/**
 * Whether a typed setup code is the deployment's, whatever its case and dashes. An empty code is never right.
 * Digests are compared without an early end, so that the time tells nothing of the code.
 */
export async function setupCodeMatches(typed: string, actual: string): Promise<boolean> {
  const [a, b] = await Promise.all([digest(normal(typed)), digest(normal(actual))]);
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0 && normal(actual) !== '';
}
