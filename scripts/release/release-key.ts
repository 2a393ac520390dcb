import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a deployment tells installers: the key to pin (SPKI in base64), and the signature over the manifest (base64). */
export interface SignedRelease {
  key: string;
  signature: string;
}

/** Makes an Ed25519 key in a file that its owner alone can read. Throws EEXIST where there is a file. */
export function makeReleaseKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  return privateKey;
}

/** The key of a file (PKCS #8, PEM). Throws ENOENT where there is none, and a sentence for any other kind of key. */
export function readReleaseKey(file: string): KeyObject {
  const text = readFileSync(file);
  const key = createPrivateKey(text);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds no Ed25519 key`);
  return key;
}

/** The key of a file, made now where there is none. */
export function ensureReleaseKey(file: string): KeyObject {
  try {
    return readReleaseKey(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return makeReleaseKey(file);
  }
}

/** Signs the bytes of a manifest. */
export function signManifest(manifest: Uint8Array, key: KeyObject): SignedRelease {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { key: spki.toString('base64'), signature: sign(null, manifest, key).toString('base64') };
}
