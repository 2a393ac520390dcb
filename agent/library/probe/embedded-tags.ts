import { Metadata } from '../../../shared/protocol/sync.ts';

/** Tags in the file itself by FFmpeg's names, in lower case. */
export type EmbeddedTags = Record<string, string>;

/**
 * What the tags of a film say that a catalog can hold. Titles are left out: what stands there is as often the
 * name of a release or of a program. Pure.
 */
export function embeddedMetadata(tags: EmbeddedTags): Metadata {
  const overview = (tags.synopsis ?? tags.description ?? '').trim().slice(0, 4000);
  const genres = (tags.genre ?? '').split(/\s*[;,/|]\s*/).filter(Boolean);
  const premieredAt = /^\d{4}-\d{2}-\d{2}/.exec(tags.date ?? tags.date_released ?? '')?.[0];
  const said = Metadata.safeParse({
    ...(overview ? { overview } : {}),
    ...(genres.length > 0 ? { genres: [...new Set(genres)].slice(0, 30) } : {}),
    ...(premieredAt ? { premieredAt } : {}),
  });
  return said.success ? said.data : {};
}
