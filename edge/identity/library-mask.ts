import { HearthcastError } from '../../shared/errors.ts';

type Bits = readonly { id: number; bit: number }[];

/** The mask of libraries, by their ids; null is all. Throws `bad-request` for one that does not exist. */
export function maskOf(libraryIds: readonly string[] | null, bits: Bits): number | null {
  if (libraryIds === null) return null;
  const known = new Map(bits.map(({ id, bit }) => [String(id), bit]));
  return [...new Set(libraryIds)].reduce((mask, id) => {
    const bit = known.get(id);
    if (bit === undefined) throw new HearthcastError('bad-request', `There is no library ${id}.`);
    // Not `|` and `<<`: they end at 32 bits, libraries at 53.
    return mask + 2 ** bit;
  }, 0);
}

/** The ids of the libraries in a mask; null is all. */
export function librariesOf(mask: number | null, bits: Bits): string[] | null {
  if (mask === null) return null;
  return bits.filter(({ bit }) => Math.floor(mask / 2 ** bit) % 2 === 1).map(({ id }) => String(id));
}
