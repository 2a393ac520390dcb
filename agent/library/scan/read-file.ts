import { createHash } from 'node:crypto';
import type { LibraryIndex } from '../index/library-index.ts';
import type { FileState, IndexChange, Surroundings } from '../index/rows.ts';
import { shapeOf } from '../probe/file-shape.ts';
import { fingerprintOf } from '../probe/fingerprint.ts';
import { probe } from '../probe/probe.ts';
import { EMPTY, type Problem, VANISHED } from '../problems.ts';
import { errorCodeOf, type FileSystem, isMissing } from './file-system.ts';

export interface Reader {
  ffprobe: string;
  index: LibraryIndex;
  disk: FileSystem;
}

/** What reading a file gave; null when it changed meanwhile and must be read again once it is still. */
export type ReadResult = IndexChange | null;

/**
 * Reads one file that is new or has changed: fingerprint, shape, streams. Whatever is wrong with the file
 * becomes a problem; rejects only when the signal aborts or ffprobe cannot be started.
 */
export async function readFile(
  path: string,
  file: FileState,
  surroundings: Surroundings,
  { ffprobe, index, disk }: Reader,
  signal: AbortSignal,
): Promise<ReadResult> {
  if (file.size === 0) return { ...file, state: 'problem', ...EMPTY };
  try {
    const fingerprint = await fingerprintOf(path, file.size);
    let media = index.mediaOf(fingerprint);
    if (!media) {
      const probed = await probe(ffprobe, { path, size: file.size, shape: await shapeOf(path, file.size) }, signal);
      if ('problem' in probed) return { ...file, state: 'problem', ...probed.problem };
      media = probed.media;
    }
    const now = await disk.stat(path);
    if (now.size !== file.size || Math.floor(now.mtimeMs) !== file.mtimeMs) return null;
    const thumb = media.video.length > 0 ? thumbIdOf(fingerprint) : null;
    const artwork = thumb && !surroundings.artwork.thumb ? { ...surroundings.artwork, thumb } : surroundings.artwork;
    return { ...file, ...surroundings, artwork, state: 'present', fingerprint, media, thumb };
  } catch (error) {
    if (errorCodeOf(error) === null || signal.aborted || isStartFailure(error)) throw error;
    return { ...file, state: 'problem', ...problemOf(error) };
  }
}

/** The picture that is a frame of a film: two copies of the film have the same one. */
function thumbIdOf(fingerprint: string): string {
  return createHash('sha256').update(`frame:${fingerprint}`).digest('hex').slice(0, 32);
}

function problemOf(error: unknown): Problem {
  if (isMissing(error)) return VANISHED;
  return { code: 'unreadable', detail: `The system refuses to read it (${errorCodeOf(error)}).` };
}

/** The fault of the machine and not of the file: ffprobe is missing, or no process can be made. */
const isStartFailure = (error: unknown) =>
  error instanceof Error && 'syscall' in error && /^spawn/.test(String(error.syscall));
