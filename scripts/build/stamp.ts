import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, PROJECT } from './paths.ts';

/** What each part is built from. */
const SOURCES = {
  edge: ['edge/**/*.ts', 'shared/**/*.ts', 'package-lock.json', 'scripts/build/*.ts'],
  web: ['web/**/*', 'shared/**/*.ts', 'package-lock.json', 'vite.config.ts'],
  agent: [
    'agent/**/*.ts',
    'shared/**/*.ts',
    'deploy/agent/*',
    'package.json',
    'package-lock.json',
    'scripts/build/*.ts',
  ],
} as const;

export type Part = keyof typeof SOURCES;
export const PARTS = Object.keys(SOURCES) as Part[];

const stampFile = (part: Part) => join(BUILD[part], '..', `${part}.stamp`);

/** A hash over names and contents of a part's sources: 5 ms for this project, and right where times are not. */
export function sourceHash(part: Part): string {
  const hash = createHash('sha256');
  const files = globSync([...SOURCES[part]], { cwd: PROJECT, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** The parts whose build is missing or older than its sources. */
export function staleParts(): Part[] {
  return PARTS.filter(
    (part) => !existsSync(stampFile(part)) || readFileSync(stampFile(part), 'utf8') !== sourceHash(part),
  );
}

export function markBuilt(part: Part, hash: string): void {
  writeFileSync(stampFile(part), hash);
}
