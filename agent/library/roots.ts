import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { RootId } from '../../shared/protocol/names.ts';

/** A folder that the owner allowed, as the command line says it. */
export interface RootConfig {
  path: string;
  /** Which library it goes to. */
  library: string;
  /** Links may lead out of it. */
  followLinks: boolean;
}

/** The same with the id that the edge knows it by. */
export interface Root extends RootConfig {
  id: string;
  name: string;
}

const StoredRoot = z.object({ id: RootId, path: z.string(), library: z.string(), followLinks: z.boolean() });

/** `former` are folders that were taken away: they get their id back when they return. */
const Stored = z.object({ roots: z.array(StoredRoot), former: z.array(StoredRoot) });
type Stored = z.infer<typeof Stored>;

/** The folders of the last run, for commands that are given none. */
export function storedRoots(dataDir: string): RootConfig[] {
  return read(dataDir).roots;
}

/**
 * Gives each folder its id, which stays with the path for good: it is kept beside the index and not in it, so
 * that an index made anew does not look like another library.
 */
export function identifyRoots(configs: readonly RootConfig[], dataDir: string): Root[] {
  const before = read(dataDir);
  const known = new Map([...before.former, ...before.roots].map((root) => [root.path, root.id]));
  const roots: Root[] = [];
  for (const config of configs) {
    const path = resolve(config.path);
    if (roots.some((root) => root.path === path)) continue;
    const name = (basename(path) || path).slice(0, 200);
    const library = config.library.trim().slice(0, 200) || name;
    roots.push({ ...config, path, name, library, id: known.get(path) ?? newId(name) });
    known.set(path, (roots.at(-1) as Root).id);
  }
  const former = [...before.former, ...before.roots].filter(({ path }) => !roots.some((root) => root.path === path));
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, FILE);
  const stored: Stored = {
    roots: roots.map(({ id, path, library, followLinks }) => ({ id, path, library, followLinks })),
    former,
  };
  writeFileSync(`${file}.part`, JSON.stringify(stored, null, 2));
  renameSync(`${file}.part`, file);
  return roots;
}

const FILE = 'roots.json';

function read(dataDir: string): Stored {
  try {
    return Stored.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')));
  } catch {
    // None yet, or one that a crash cut off: new ids are given, and the edge sees the folders as new ones.
    return { roots: [], former: [] };
  }
}

function newId(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 36);
  return `${slug || 'root'}-${randomBytes(4).toString('hex')}`;
}
