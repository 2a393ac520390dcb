import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from './options.ts';

/** Letters that cannot be taken for one another when they are read from a screen. */
const CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

const State = z.object({
  version: z.literal(1),
  /** The deployment's secret: every key is derived from it. */
  secret: z.string().min(43),
  setupCode: z.string(),
});
export type State = z.infer<typeof State>;

/** The secrets of this data folder, made at the first start. Throws a UsageError for a folder that is no good. */
export function loadState(dataDir: string): State {
  const file = join(dataDir, 'hearthcast.json');
  try {
    mkdirSync(dataDir, { recursive: true });
    return State.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return createState(file, dataDir);
    throw explain(error, dataDir, file);
  }
}

function createState(file: string, dataDir: string): State {
  const state: State = {
    version: 1,
    secret: randomBytes(32).toString('base64url'),
    setupCode: randomCode(),
  };
  try {
    // Renamed into place: a disk that fills up in between leaves no half of a secret.
    writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw explain(error, dataDir, file);
  }
  return state;
}

/** A code of eight letters and digits that a person can read and type, such as `K7QM-2XPD`. */
export function randomCode(): string {
  const letters = Array.from({ length: 8 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** A file system's error in words. */
export function explain(error: unknown, dataDir: string, file: string): Error {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UsageError(
        `the data folder ${dataDir} cannot be written: give this user the right, or choose another with --data.`,
      );
    case 'ENOSPC':
      return new UsageError(`the disk of ${dataDir} is full: free some space, or choose another with --data.`);
    case 'ENOTDIR':
    case 'EEXIST':
      return new UsageError(`the data folder ${dataDir} is not a folder: choose another with --data.`);
    default:
      return error instanceof z.ZodError || error instanceof SyntaxError
        ? new UsageError(
            `${file} is damaged. Restore it from a backup, or start afresh with --data and an empty folder.`,
          )
        : (error as Error);
  }
}

/** Why the edge did not start, in words: what workerd says of its databases is a stack trace. */
export function explainEdge(error: unknown, log: string, dataDir: string): Error {
  if (/SQLITE_FULL|ENOSPC/.test(`${error}${log}`)) {
    return explain(Object.assign(new Error(), { code: 'ENOSPC' }), dataDir, dataDir);
  }
  if (/SQLITE_(NOTADB|CORRUPT)/.test(`${error}${log}`)) {
    return new UsageError(
      `the databases below ${join(dataDir, 'edge')} are damaged; nothing was changed. Restore the folder from a backup, or start afresh with --data and an empty folder.`,
    );
  }
  return new UsageError(
    `the edge did not start: ${join(dataDir, 'edge.log')} says why. (${String(error).split('\n')[0]})`,
  );
}
