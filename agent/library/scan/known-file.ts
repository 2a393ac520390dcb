import type { Artwork } from '../../../shared/protocol/sync.ts';
import type { LibraryIndex } from '../index/library-index.ts';
import type { FileState, IndexChange, KnownFile, Surroundings } from '../index/rows.ts';

/** What to write about a file whose content is known: it came back, or its name or neighbours say something new. */
export function changeOf(
  file: FileState,
  surroundings: Surroundings,
  row: KnownFile,
  index: LibraryIndex,
): IndexChange | null {
  if (row.problem !== null) {
    if (!row.gone) return null;
    return { ...file, state: 'problem', code: row.problem as never, detail: row.detail ?? '' };
  }
  const { thumb, fingerprint } = row;
  const artwork: Artwork =
    thumb && !surroundings.artwork.thumb ? { ...surroundings.artwork, thumb } : surroundings.artwork;
  const now = { ...surroundings, artwork };
  const unchanged =
    !row.gone &&
    JSON.stringify(now.work) === row.work &&
    JSON.stringify(now.artwork) === row.artwork &&
    JSON.stringify(now.subtitles) === row.subtitles &&
    JSON.stringify(now.metadata) === row.metadata;
  if (unchanged) return null;
  const content = index.contentOf(fingerprint as string);
  if (!content) return null;
  return { ...file, ...now, state: 'present', fingerprint: fingerprint as string, ...content, thumb };
}
