/** Bytes of the tag: 128 bits of HMAC-SHA-256. */
const TAG_BYTES = 16;

/** A payload and its MAC as one URL-safe word. The payload is readable by anyone; it cannot be changed. */
export async function seal(key: CryptoKey, payload: string): Promise<string> {
  const bytes = new TextEncoder().encode(payload);
  const tag = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes)).subarray(0, TAG_BYTES);
  const all = new Uint8Array(bytes.length + TAG_BYTES);
  all.set(bytes);
  all.set(tag, bytes.length);
  return toBase64Url(all);
}

/** The payload of a sealed word, or null where it was not made with this key. */
export async function unseal(key: CryptoKey, word: string): Promise<string | null> {
  const all = fromBase64Url(word);
  if (!all || all.length < TAG_BYTES) return null;
  const bytes = all.subarray(0, all.length - TAG_BYTES);
  const expected = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes));
  // Compared without an early end, so that the time tells nothing of the tag.
  let difference = 0;
  for (let i = 0; i < TAG_BYTES; i++) difference |= (expected[i] as number) ^ (all[bytes.length + i] as number);
  return difference === 0 ? new TextDecoder().decode(bytes) : null;
}

export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Null where the text is not base64url. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
}

/** A random id: a prefix and 128 bits in base64url (22 characters). */
export function randomId(prefix: string): string {
  return prefix + toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
}
