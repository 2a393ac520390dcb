import type { ExternalSource, Metadata } from '../../shared/protocol/sync.ts';
import { toBase64Url } from '../identity/sealed.ts';
import { ageOf } from './certifications.ts';
import { type FacetRow, type FacetUse, facetsOf } from './facets.ts';
import { sortTitle } from './titles.ts';

/** `description.body`: what the page of a title shows, and its facets. */
export interface DescriptionBody {
  originalTitle: string | null;
  overview: string | null;
  tagline: string | null;
  premieredAt: string | null;
  runtimeMin: number | null;
  certification: string | null;
  externalIds: Partial<Record<ExternalSource, string>>;
  facets: readonly FacetUse[];
}

/** What a sidecar file says, in the form in which it is stored: equal texts have equal hashes. */
export interface Description {
  hash: string;
  /** Tenths. */
  rating: number | null;
  age: number | null;
  sortTitle: string | null;
  body: string;
  facets: readonly FacetRow[];
}

/** 128 bits: descriptions are named by what is in them. */
const HASH_BYTES = 16;

/** The stored form of metadata; null where it says nothing. */
export async function describe(metadata: Metadata | undefined): Promise<Description | null> {
  if (!metadata) return null;
  const { facets, uses } = facetsOf(metadata);
  const { certification = null, rating } = metadata;
  const body: DescriptionBody = {
    ...{ originalTitle: metadata.originalTitle ?? null, overview: metadata.overview || null },
    ...{ tagline: metadata.tagline || null, premieredAt: metadata.premieredAt ?? null },
    ...{ runtimeMin: metadata.runtimeMin ?? null, certification, externalIds: metadata.externalIds ?? {} },
    facets: uses,
  };
  const description = {
    rating: rating === undefined ? null : Math.round(rating * 10),
    age: certification === null ? null : ageOf(certification),
    sortTitle: metadata.sortTitle === undefined ? null : sortTitle(metadata.sortTitle),
    body: JSON.stringify(body),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(description));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).subarray(0, HASH_BYTES);
  return { ...description, hash: toBase64Url(digest), facets };
}

/** Fields of an edit that the page of a title shows as they are; the others are in its row. */
export const EDITABLE_TEXTS = ['originalTitle', 'overview', 'tagline', 'certification'] as const;

/** A description with what an admin has said in its place. */
export function withEdit(body: DescriptionBody | null, edit: string | null): DescriptionBody | null {
  if (edit === null) return body;
  const fields = JSON.parse(edit) as Partial<DescriptionBody>;
  const said = Object.fromEntries(
    EDITABLE_TEXTS.filter((name) => name in fields).map((name) => [name, fields[name] ?? null]),
  );
  return { ...(body ?? NOTHING_SAID), ...said };
}

const NOTHING_SAID: DescriptionBody = {
  ...{ originalTitle: null, overview: null, tagline: null, premieredAt: null, runtimeMin: null, certification: null },
  ...{ externalIds: {}, facets: [] },
};
