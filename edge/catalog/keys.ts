import type { Work } from '../../shared/protocol/sync.ts';
import { normalizeTitle } from './titles.ts';

/** The keys of the items that one file makes: two files with one key are copies of one item. */
export interface WorkKeys {
  own: string;
  season: string | null;
  series: string | null;
}

/**
 * Names an item by what it is, not by where it lies, so that two sites' copies of one film are one item.
 * Videos have no name that two machines would agree on: theirs is the content's fingerprint, and a renamed home
 * video keeps what people did with it.
 */
export function keysOf(work: Work, fingerprint: string): WorkKeys {
  switch (work.kind) {
    case 'movie':
      return { own: `movie:${normalizeTitle(work.title)}:${work.year ?? ''}`, season: null, series: null };
    case 'video':
      return { own: `video:${fingerprint}`, season: null, series: null };
    case 'episode': {
      const show = `${normalizeTitle(work.series)}:${work.year ?? ''}`;
      return {
        own: `episode:${show}:${work.season}:${work.episode}`,
        season: `season:${show}:${work.season}`,
        series: `series:${show}`,
      };
    }
    default:
      return work satisfies never;
  }
}
