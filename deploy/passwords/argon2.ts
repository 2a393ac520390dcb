/// <reference path="./wasm.d.ts" />
import { argon2id, argon2Verify, setWASMModules } from 'argon2-wasm-edge';
import argon2WASM from 'argon2-wasm-edge/wasm/argon2.wasm';
import blake2bWASM from 'argon2-wasm-edge/wasm/blake2b.wasm';

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 } as const;
const SALT_BYTES = 16;

await setWASMModules({ argon2WASM, blake2bWASM });

/** A new argon2id hash in PHC form. */
export function hash(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return argon2id({ ...PARAMETERS, password, salt, outputType: 'encoded' });
}

/** Whether a password is the one of a PHC hash; false for what is no argon2id hash. */
export async function verify(password: string, phc: string): Promise<boolean> {
  if (!phc.startsWith('$argon2id$')) return false;
  try {
    return await argon2Verify({ password, hash: phc });
  } catch {
    return false;
  }
}
