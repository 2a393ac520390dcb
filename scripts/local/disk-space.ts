import { statfsSync } from 'node:fs';
import { UsageError } from './options.ts';

const MIB = 1024 * 1024;

/** What a start needs on the data folder's disk: databases that may grow a little, and the demo's 33 MB with slack. */
const NEEDED_MIB = { bare: 64, demo: 160 } as const;

/** Throws a UsageError where the disk is too full to start; what workerd says of it is a stack trace. */
export function checkSpace(dataDir: string, demo: boolean, freeBytes: number = freeOn(dataDir)): void {
  const needed = demo ? NEEDED_MIB.demo : NEEDED_MIB.bare;
  const free = Math.floor(freeBytes / MIB);
  if (free >= needed) return;
  throw new UsageError(
    `the disk of ${dataDir} is full: ${free} MB are free and ${needed} MB are needed. Free some space, or choose another with --data.`,
  );
}

function freeOn(dir: string): number {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
}
