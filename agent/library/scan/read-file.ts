import { createHash } from 'node:crypto';
import { MediaInfo } from '../../../shared/media/media-info.ts';
import type { LibraryIndex } from '../index/library-index.ts';
import type { FileState, IndexChange, Surroundings } from '../index/rows.ts';
import { embeddedMetadata } from '../probe/embedded-tags.ts';
import { isCutOff } from '../probe/file-shape.ts';
import { type Probed, probe } from '../probe/probe.ts';
import { CUT_OFF, EMPTY, type Problem, VANISHED } from '../problems.ts';
import type { Content } from '../reader/content.ts';
import { errorCodeOf, isMissing } from './file-system.ts';

export interface FileReading {
  index: LibraryIndex;
  /** Reads the head of a file of this size. */
  content(path: string, size: number): Promise<Content>;
  /** Asks ffprobe, when its turn comes. */
  probed(work: () => Promise<Probed>): Promise<Probed>;
  ffprobe: string;
  signal: AbortSignal;
}

/** What reading a file gave; null when it changed meanwhile and must be read again once it is still. */
export type ReadResult = IndexChange | null;

/**
 * Reads one file that is new or has changed: fingerprint, shape, streams. Whatever is wrong with the file
 * becomes a problem; rejects only when the signal aborts, the reading thread ends or ffprobe cannot be started.
 */
export async function readFile(
  path: string,
  file: FileState,
  surroundings: Surroundings,
  reading: FileReading,
): Promise<ReadResult> {
  if (file.size === 0) return { ...file, state: 'problem', ...EMPTY };
  const { index, signal } = reading;
  try {
    const content = await reading.content(path, file.size);
    const { fingerprint } = content;
    if (content.size !== file.size || content.mtimeMs !== file.mtimeMs) return null;
    let known = index.contentOf(fingerprint);
    if (!known) {
      const found = await streamsOf(path, file.size, content, reading);
      if ('problem' in found) return { ...file, state: 'problem', ...found.problem };
      known = { media: found.media, embedded: embeddedMetadata(found.tags) };
    }
    const thumb = known.media.video.length > 0 ? thumbIdOf(fingerprint) : null;
    const artwork = thumb && !surroundings.artwork.thumb ? { ...surroundings.artwork, thumb } : surroundings.artwork;
    return { ...file, ...surroundings, artwork, state: 'present', fingerprint, ...known, thumb };
  } catch (error) {
    if (errorCodeOf(error) === null || signal.aborted || isStartFailure(error)) throw error;
    return { ...file, state: 'problem', ...problemOf(error) };
  }
}

/** The reading thread's word where it has one; ffprobe's for the rest. */
async function streamsOf(path: string, size: number, content: Content, reading: FileReading): Promise<Probed> {
  const { shape, head } = content;
  // A damaged file names widths and rates that there are not: ffprobe decodes a picture and knows better.
  const media = head && MediaInfo.safeParse(head.media).data;
  if (media) return isCutOff(shape, size) ? { problem: CUT_OFF } : { media, tags: head.tags };
  return await reading.probed(() => probe(reading.ffprobe, { path, size, shape }, reading.signal));
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
