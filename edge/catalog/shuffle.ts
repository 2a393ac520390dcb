/** Rounds of the network: four make a permutation that looks like chance. */
const ROUNDS = 4;

/**
 * A permutation of 0 … size − 1 that a seed chooses, one element at a time: a random order of a quarter of a million
 * titles that is neither kept nor sorted (a Feistel network over the next power of four, walked until it is inside).
 */
export function shuffled(index: number, size: number, seed: number): number {
  let half = 1;
  while (4 ** half < size) half++;
  const mask = 2 ** half - 1;
  let at = index;
  do {
    let left = Math.floor(at / (mask + 1));
    let right = at & mask;
    for (let round = 0; round < ROUNDS; round++) {
      const next = (left ^ mixed(right, seed + round)) & mask;
      left = right;
      right = next;
    }
    at = left * (mask + 1) + right;
  } while (at >= size);
  return at;
}

/** Spreads a number over 32 bits. */
export function mixed(value: number, seed: number): number {
  let x = Math.imul(value ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
