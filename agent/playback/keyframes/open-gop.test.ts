import { expect, it } from 'vitest';
import { pictures } from './open-gop.ts';

it('tells pictures that hang on no other by their first slices, and passes over all else', () => {
  const unit = (type: number, first = true) => [0, 0, 1, 0x60 | type, first ? 0x88 : 0x48, 7];
  const parameters = [0, ...unit(7), 0, ...unit(8), ...unit(6)];
  expect(pictures(Buffer.from([...parameters, ...unit(5), ...unit(5, false)]))).toEqual({ idr: 1, others: 0 });
  // Two fields: the second of such a picture is an ordinary one.
  expect(pictures(Buffer.from([...unit(5), ...unit(1)]))).toEqual({ idr: 1, others: 1 });
  expect(pictures(Buffer.from([...parameters, ...unit(1), ...unit(1, false)]))).toEqual({ idr: 0, others: 1 });
  expect(pictures(Buffer.from([0, 0, 1]))).toEqual({ idr: 0, others: 0 });
});
