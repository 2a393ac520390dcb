import type { Metadata } from '../../../shared/protocol/sync.ts';
import { checkedId, type ExternalIds } from './external-ids.ts';
import type { XmlElement } from './xml.ts';

/** What a sidecar file says, before it is held against the protocol. */
export type SaidMetadata = { [K in keyof Metadata]?: unknown };

/** What a sidecar file describes. */
export interface SidecarDocument<M = Metadata> {
  kind: 'movie' | 'series' | 'season' | 'episode' | 'links';
  title: string | null;
  /** Of an episode: its series. */
  series: string | null;
  year: number | null;
  season: number | null;
  episode: number | null;
  metadata: M;
}

const KINDS: Record<string, SidecarDocument['kind']> = {
  movie: 'movie',
  video: 'movie',
  musicvideo: 'movie',
  tvshow: 'series',
  season: 'season',
  episodedetails: 'episode',
};

/** Reads one element of Kodi's NFO, as Jellyfin and others write it too; null for one that is none. */
export function documentOf(element: XmlElement): SidecarDocument<SaidMetadata> | null {
  const kind = KINDS[element.name];
  if (!kind) return null;
  const premieredAt = date(textOf(element, 'premiered', 'releasedate', 'aired', 'airdate'));
  const year = natural(textOf(element, 'year')) ?? (premieredAt ? Number(premieredAt.slice(0, 4)) : null);
  return {
    kind,
    title: textOf(element, 'title') || null,
    series: textOf(element, 'showtitle') || null,
    year: year !== null && year >= 1870 && year <= 2200 ? year : null,
    season: natural(textOf(element, 'season', 'seasonnumber')),
    episode: natural(textOf(element, 'episode')),
    metadata: {
      externalIds: idsOf(element),
      originalTitle: textOf(element, 'originaltitle'),
      sortTitle: textOf(element, 'sorttitle'),
      overview: textOf(element, 'plot', 'outline', 'biography')?.slice(0, 4000),
      tagline: textOf(element, 'tagline')?.slice(0, 500),
      premieredAt,
      runtimeMin: natural(textOf(element, 'runtime')?.replace(/\s*min.*$/i, '')) || undefined,
      genres: listOf(element, 'genre', 30),
      tags: [...(listOf(element, 'tag', 100) ?? []), ...(listOf(element, 'style', 100) ?? [])].slice(0, 100),
      studios: listOf(element, 'studio', 20),
      people: peopleOf(element),
      rating: ratingOf(element),
      certification: certificationOf(textOf(element, 'mpaa', 'certification')),
      collections: collectionsOf(element),
      dateAdded: date(textOf(element, 'dateadded')),
    },
  };
}

const named = (element: XmlElement, name: string) => element.children.filter((child) => child.name === name);

/** Text of the first child of these names that has any. */
function textOf(element: XmlElement, ...names: string[]): string | undefined {
  for (const name of names) {
    const text = named(element, name)
      .map((child) => child.text.trim())
      .find(Boolean);
    if (text) return text;
  }
  return undefined;
}

/** Several children, or several names in one: "Drama / Thriller". */
function listOf(element: XmlElement, name: string, limit: number): string[] | undefined {
  const all = named(element, name).flatMap(({ text }) => text.split(/\s+\/\s+|\s*\|\s*/));
  const list = [...new Set(all.map((text) => text.trim()).filter((text) => text && text.length <= 200))];
  return list.length > 0 ? list.slice(0, limit) : undefined;
}

function idsOf(element: XmlElement): ExternalIds {
  const ids: ExternalIds = {};
  const say = (source: 'imdb' | 'tmdb' | 'tvdb', value: string | undefined) => {
    const id = checkedId(source, value);
    if (id && !ids[source]) ids[source] = id;
  };
  for (const { attributes, text } of named(element, 'uniqueid')) {
    const type = attributes.get('type')?.toLowerCase();
    if (type === 'imdb' || type === 'tmdb' || type === 'tvdb') say(type, text);
  }
  say('imdb', textOf(element, 'imdbid', 'imdb_id'));
  say('tmdb', textOf(element, 'tmdbid'));
  say('tvdb', textOf(element, 'tvdbid'));
  say('imdb', textOf(element, 'id'));
  if (element.name === 'tvshow') say('tvdb', textOf(element, 'id'));
  return ids;
}

type People = NonNullable<Metadata['people']>;

function peopleOf(element: XmlElement): People {
  const people: People = [];
  const seen = new Set<string>();
  const add = (role: People[number]['role'], name: string | undefined, character?: string) => {
    const key = `${role}:${name}`;
    if (!name || name.length > 200 || seen.has(key) || people.length === 100) return;
    seen.add(key);
    people.push({ name, role, ...(character ? { character: character.slice(0, 200) } : {}) });
  };
  for (const [tag, role] of [
    ['director', 'director'],
    ['credits', 'writer'],
    ['writer', 'writer'],
    ['producer', 'producer'],
  ] as const) {
    for (const name of listOf(element, tag, 20) ?? []) add(role, name);
  }
  for (const actor of named(element, 'actor')) {
    const guest = /^guest/i.test(textOf(actor, 'type') ?? '');
    add(guest ? 'guest' : 'actor', textOf(actor, 'name'), textOf(actor, 'role'));
  }
  return people;
}

/** The default rating, else the first; of ten. */
function ratingOf(element: XmlElement): number | undefined {
  const all = named(element, 'ratings').flatMap((ratings) => named(ratings, 'rating'));
  const chosen = all.find(({ attributes }) => attributes.get('default') === 'true') ?? all[0];
  const value = Number((chosen ? textOf(chosen, 'value') : textOf(element, 'rating'))?.replace(',', '.') || Number.NaN);
  const most = Number(chosen?.attributes.get('max') ?? 10);
  return value > 0 && most > 0 && value <= most ? Math.round((value / most) * 100) / 10 : undefined;
}

/** "Rated PG-13 for violence" is PG-13; several countries' are told apart by slashes. */
function certificationOf(text: string | undefined): string | undefined {
  const [first] = (text ?? '').split('/');
  const bare = first
    ?.replace(/^\s*rated\s+/i, '')
    .replace(/\s+for\s+.*$/i, '')
    .trim();
  return bare && bare.length <= 30 ? bare : undefined;
}

function collectionsOf(element: XmlElement): string[] {
  const names = named(element, 'set').map((set) => textOf(set, 'name') ?? set.text.trim());
  return [...new Set(names.filter((name) => name && name.length <= 200))].slice(0, 10);
}

const date = (text: string | undefined) => {
  const day = /^(\d{4}-\d{2}-\d{2})/.exec(text ?? '')?.[1];
  return day && !Number.isNaN(Date.parse(day)) && !day.startsWith('0000') ? day : undefined;
};

const natural = (text: string | undefined): number | null => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : null);
