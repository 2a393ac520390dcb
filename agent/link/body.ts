import { open } from 'node:fs/promises';
import type { ByteAnswer, FileSlice } from './handlers.ts';

/** A body of known length that is read in pieces. */
export interface Body extends AsyncDisposable {
  readonly length: number;
  /**
   * At least one byte and at most `most` of the body from `at`; they may lie in `buffer`, which bounds them too.
   * Throws where the file has become shorter.
   */
  read(at: number, most: number, buffer: Buffer): Promise<Uint8Array>;
}

/** Opens an answer's body. A file gets a descriptor of its own, closed with the body. */
export async function openBody(answer: ByteAnswer): Promise<Body> {
  return answer.body instanceof Uint8Array ? memoryBody(answer.body) : fileBody(answer.body);
}

/** Bytes of an answer. */
export function bodyLength(answer: ByteAnswer): number {
  return answer.body instanceof Uint8Array ? answer.body.length : answer.body.end - answer.body.start;
}

function memoryBody(bytes: Uint8Array): Body {
  return {
    length: bytes.length,
    read: async (at, most, buffer) => bytes.subarray(at, at + Math.min(most, buffer.length)),
    async [Symbol.asyncDispose]() {},
  };
}

async function fileBody(slice: FileSlice): Promise<Body> {
  const file = await open(slice.path, 'r');
  return {
    length: slice.end - slice.start,
    async read(at, most, buffer) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(most, buffer.length), slice.start + at);
      if (bytesRead === 0) throw new Error('The file has become shorter while it was read');
      return buffer.subarray(0, bytesRead);
    },
    // Waits for a read under way.
    [Symbol.asyncDispose]: () => file.close(),
  };
}
