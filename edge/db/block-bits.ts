/** Facets of so many titles and more have blocks; to walk through fewer costs no more. */
export const MIN_BLOCK_ITEMS = 1_000;

/** Ids of one column, as many as a number of JavaScript has bits for; and columns of one row of `facet_block`. */
export const COLUMN_IDS = 52;
export const BLOCK_COLUMNS = 64;
export const BLOCK_IDS = COLUMN_IDS * BLOCK_COLUMNS;

/** Bits that bit operators of JavaScript look at without a sign. */
const HALF = 26;

/** The ids that the columns of a block stand for, in ascending order. */
export function idsOfBlock(block: number, columns: readonly number[]): number[] {
  return columns.flatMap((bits, column) => {
    const first = block * BLOCK_IDS + column * COLUMN_IDS;
    const low = bits % 2 ** HALF;
    return [...idsOfHalf(first, low), ...idsOfHalf(first + HALF, (bits - low) / 2 ** HALF)];
  });
}

function idsOfHalf(first: number, bits: number): number[] {
  const ids: number[] = [];
  for (let rest = bits; rest !== 0; rest &= rest - 1) ids.push(first + 31 - Math.clz32(rest & -rest));
  return ids;
}
