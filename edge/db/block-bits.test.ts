import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BLOCK_COLUMNS, BLOCK_IDS, COLUMN_IDS, idsOfBlock } from './block-bits.ts';

it('reads back the ids that were written into a block', () => {
  const offsets = fc.uniqueArray(fc.integer({ min: 0, max: BLOCK_IDS - 1 }), { maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), offsets, (block, some) => {
      const columns = new Array<bigint>(BLOCK_COLUMNS).fill(0n);
      for (const at of some) {
        const column = Math.floor(at / COLUMN_IDS);
        columns[column] = (columns[column] ?? 0n) | (1n << BigInt(at % COLUMN_IDS));
      }
      const ids = some.map((at) => block * BLOCK_IDS + at).sort((a, b) => a - b);
      expect(idsOfBlock(block, columns.map(Number))).toEqual(ids);
    }),
  );
});
