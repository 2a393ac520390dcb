/** Multiplied with a word's number: neighbours differ, and nothing on the way can make them smaller. */
const SPREAD = 2_654_435_761;

/** Bytes of the made-up film from an offset: each is told by where it lies, so that a wrong place is seen. */
export function patternAt(offset: number, length: number): Buffer {
  const first = Math.floor(offset / 4);
  const words = new Uint32Array(Math.ceil((offset + length) / 4) - first);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(first + i, SPREAD);
  return Buffer.from(words.buffer).subarray(offset - first * 4, offset - first * 4 + length);
}
