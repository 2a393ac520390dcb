import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FilmSource } from '../../../shared/protocol/sources.ts';
import { fingerprintBy } from '../../library/probe/fingerprint.ts';

/** A folder of another agent that this machine has as a folder of its own. */
export interface Mapping {
  agent: string;
  root: string;
  /** Absolute. */
  path: string;
}

/** File systems that are shared round a file's time, the coarsest to two seconds. */
const MTIME_TOLERANCE_MS = 2_000;

/**
 * A borrowed film as a file of this machine, or null where it is not found there as it is said to be. Whoever names it
 * has to know its content's fingerprint: a path alone opens nothing, and one that leads out of the folder is not
 * followed.
 */
export async function mappedFile(
  mappings: readonly Mapping[],
  source: Pick<FilmSource, 'agent' | 'path' | 'size' | 'mtimeMs'>,
  about: { root: string; fingerprint: string },
): Promise<{ path: string; mtimeMs: number } | null> {
  const mapping = mappings.find(({ agent, root }) => agent === source.agent && root === about.root);
  if (!mapping || source.path.includes('\0')) return null;
  try {
    const folder = await realpath(mapping.path);
    const path = await realpath(join(folder, source.path));
    if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return null;
    await using file = await open(path, 'r');
    const found = await file.stat();
    const near = Math.abs(found.mtimeMs - source.mtimeMs) <= MTIME_TOLERANCE_MS;
    if (!found.isFile() || found.size !== source.size || !near) return null;
    const fingerprint = await fingerprintBy(found.size, async (start, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    });
    return fingerprint === about.fingerprint ? { path, mtimeMs: found.mtimeMs } : null;
  } catch {
    // Not there, not mounted, not to be read: the other machine is asked for it.
    return null;
  }
}
