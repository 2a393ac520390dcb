import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Metadata } from '../../shared/protocol/sync.ts';
import { normalizeTitle } from './titles.ts';

/** What titles can have in common. The second line is read from their files. */
export const FACET_KINDS = [
  ...(['genre', 'tag', 'studio', 'collection', 'person'] as const),
  ...(['resolution', 'codec', 'hdr', 'language', 'site'] as const),
] as const;
export type FacetKind = (typeof FACET_KINDS)[number];

/** A facet as a claim would make it. */
export interface FacetRow {
  key: string;
  kind: FacetKind;
  name: string;
  sortName: string;
}

/** A facet of one title: [key, roles separated by commas, character]. */
export type FacetUse = readonly [key: string, role: string | null, character: string | null];

/** Two spellings of one name are one facet. */
export function facetOf(kind: FacetKind, name: string): FacetRow {
  const sortName = normalizeTitle(name);
  return { key: `${kind}/${sortName}`, kind, name: name.normalize('NFC'), sortName };
}

/** The facets that metadata names, in its order, each once; a person of several roles has them all. */
export function facetsOf(metadata: Metadata): { facets: FacetRow[]; uses: FacetUse[] } {
  const facets = new Map<string, FacetRow>();
  const uses = new Map<string, FacetUse>();
  const add = (kind: FacetKind, name: string, role: string | null, character: string | null) => {
    const facet = facetOf(kind, name);
    const before = uses.get(facet.key);
    if (!before) facets.set(facet.key, facet);
    const roles = new Set([...(before?.[1]?.split(',') ?? []), ...(role === null ? [] : [role])]);
    uses.set(facet.key, [facet.key, roles.size > 0 ? [...roles].join(',') : null, before?.[2] ?? (character || null)]);
  };
  for (const name of metadata.genres ?? []) add('genre', name, null, null);
  for (const name of metadata.studios ?? []) add('studio', name, null, null);
  for (const name of metadata.collections ?? []) add('collection', name, null, null);
  for (const { name, role, character } of metadata.people ?? []) add('person', name, role, character ?? null);
  for (const name of metadata.tags ?? []) add('tag', name, null, null);
  return { facets: [...facets.values()], uses: [...uses.values()] };
}

/** Heights of the classes by which people speak of resolutions; a scope film is as wide as its class, not as high. */
const RESOLUTIONS: readonly (readonly [name: string, width: number, height: number])[] = [
  ['2160p', 3200, 1800],
  ['1440p', 2240, 1300],
  ['1080p', 1800, 1000],
  ['720p', 1200, 700],
];

/** The facets that a file gives its title: resolution, codec, HDR, languages of its sound, and where it lies. */
export function traitsOf(media: MediaInfo, siteId: number): FacetRow[] {
  const traits = new Map<string, FacetRow>();
  const add = (kind: FacetKind, name: string) => {
    const facet = facetOf(kind, name);
    traits.set(facet.key, facet);
  };
  const [video] = media.video;
  if (video) {
    const large = RESOLUTIONS.find(([, width, height]) => video.width >= width || video.height >= height);
    add('resolution', large?.[0] ?? 'sd');
    add('codec', video.codec);
    add('hdr', video.hdr === 'none' ? 'sdr' : video.hdr);
  }
  for (const { language } of media.audio) if (language) add('language', language);
  add('site', String(siteId));
  return [...traits.values()];
}
