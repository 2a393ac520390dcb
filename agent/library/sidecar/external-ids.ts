import type { Metadata } from '../../../shared/protocol/sync.ts';

export type ExternalIds = NonNullable<Metadata['externalIds']>;

const IMDB = /^tt\d{5,10}$/;
const NUMBER = /^\d{1,10}$/;

/** An id if it looks like one of its source; undefined for anything else. */
export function checkedId(source: 'imdb' | 'tmdb' | 'tvdb', value: string | undefined): string | undefined {
  const id = value?.trim() ?? '';
  return (source === 'imdb' ? IMDB : NUMBER).test(id) ? id : undefined;
}

/** Ids in a name as people and programs write them: `{imdb-tt0133093}`, `[tmdbid=603]`, `[tvdbid-81189]`. */
export function idsInName(name: string): ExternalIds {
  const ids: ExternalIds = {};
  for (const [, source, value] of name.matchAll(/[[{(](imdb|tmdb|tvdb)(?:id)?\s*[-=:]\s*([a-z0-9]+)[\]})]/gi)) {
    put(ids, (source as string).toLowerCase() as 'imdb', value);
  }
  const bare = /[[{(](tt\d{5,10})[\]})]/i.exec(name);
  if (bare && !ids.imdb) put(ids, 'imdb', bare[1]?.toLowerCase());
  return ids;
}

/** Ids in the addresses of a text: what Kodi takes instead of a whole NFO. */
export function idsInLinks(text: string): ExternalIds {
  const ids: ExternalIds = {};
  put(ids, 'imdb', /imdb\.com\/(?:[a-z-]+\/)?title\/(tt\d+)/i.exec(text)?.[1]);
  put(ids, 'tmdb', /themoviedb\.org\/(?:movie|tv)\/(\d+)/i.exec(text)?.[1]);
  put(ids, 'tvdb', /thetvdb\.com\/\S*?[?&/](?:id=|series\/)(\d+)/i.exec(text)?.[1]);
  return ids;
}

function put(ids: ExternalIds, source: 'imdb' | 'tmdb' | 'tvdb', value: string | undefined): void {
  const id = checkedId(source, value);
  if (id) ids[source] = id;
}
