/** Rounds of the network: four make a permutation that looks like chance. */
const ROUNDS = 4;

/**
 * A permutation of 0 … size − 1 that a seed chooses, one element at a time: a random order of a quarter of a million
 * titles that is neither kept nor sorted (a Feistel network over the next power of four, walked until it is inside).
 */
export function shuffled(place: number, size: number, seed: number): number {
  const bits = halfOf(size);
  let at = place;
  do at = through(at, bits, (half, round) => mixed(half, seed + round));
  while (at >= size);
  return at;
}

/** Where an element stands in the permutation: `shuffled` the other way round. */
export function placeOf(element: number, size: number, seed: number): number {
  const bits = halfOf(size);
  let at = element;
  do
    at = swapped(
      through(swapped(at, bits), bits, (half, round) => mixed(half, seed + ROUNDS - 1 - round)),
      bits,
    );
  while (at >= size);
  return at;
}

/** Bits of a half of the network. */
function halfOf(size: number): number {
  let bits = 1;
  while (4 ** bits < size) bits++;
  return bits;
}

function through(value: number, bits: number, mix: (half: number, round: number) => number): number {
  const mask = 2 ** bits - 1;
  let left = Math.floor(value / (mask + 1));
  let right = value & mask;
  for (let round = 0; round < ROUNDS; round++) [left, right] = [right, (left ^ mix(right, round)) & mask];
  return left * (mask + 1) + right;
}

function swapped(value: number, bits: number): number {
  const mask = 2 ** bits - 1;
  return (value & mask) * (mask + 1) + Math.floor(value / (mask + 1));
}

/** Spreads a number over 32 bits. */
export function mixed(value: number, seed: number): number {
  let x = Math.imul(value ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
