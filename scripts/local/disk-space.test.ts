import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { checkSpace } from './disk-space.ts';

const MIB = 1024 * 1024;

it('refuses a start on a full disk with what is free, what is needed, and what to do', () => {
  expect(() => checkSpace('/data', false, 10 * MIB)).toThrow(
    'the disk of /data is full: 10 MB are free and 64 MB are needed. Free some space, or choose another with --data.',
  );
  expect(() => checkSpace('/data', true, 100 * MIB)).toThrow('160 MB are needed');
});

it('asks the file system of the folder', () => {
  expect(checkSpace(tmpdir(), false, 64 * MIB)).toBeUndefined();
  expect(() => checkSpace('/proc', false)).toThrow('0 MB are free');
});
