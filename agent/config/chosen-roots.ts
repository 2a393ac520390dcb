import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RootConfig } from '../library/roots.ts';

/** Folders that one agent may have; the edge takes no more in one message. */
export const MAX_ROOTS = 200;

const Chosen = z.object({
  roots: z.array(z.object({ path: z.string(), library: z.string(), followLinks: z.boolean() })).max(MAX_ROOTS),
});

const fileOf = (dataDir: string) => join(dataDir, 'chosen-roots.json');

/** The folders that were chosen by `roots add` or in the web app; null while nobody has chosen any. */
export function chosenRoots(dataDir: string): RootConfig[] | null {
  try {
    return Chosen.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8'))).roots;
  } catch {
    return null;
  }
}

/** Whole or not at all: a list cut off by a full disk would take folders away. */
export function chooseRoots(dataDir: string, roots: readonly RootConfig[]): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = fileOf(dataDir);
  writeFileSync(`${file}.new`, `${JSON.stringify({ roots }, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
