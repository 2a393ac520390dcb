import {
  deleteFacets,
  emptyFacets,
  facetsHeld,
  lastItemId,
  noteSwept,
  sweepDescriptions,
  sweepImages,
  sweptUntil,
  whatFilesSay,
} from '../db/sweeps.ts';
import type { Env } from '../env.ts';
import { DAY_MS } from './days.ts';
import { forgetPictures } from './images.ts';

type Swept = Pick<Env, 'DB' | 'IMAGES' | 'HEARTHCAST_SECRET'>;

/** Parts of all names, of which a day sweeps one: what it remembers of a large catalog is bounded by it. */
const PARTS = 64;

/** The first sign of a hash in base64url, in the order of their codes. */
const SIGNS = [...'-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'];

/** Rows of one statement: readers wait as long as it takes. */
const FILES = 1_000;
const ITEMS = 5_000;
const FACETS = 1_000;

/** Pages of one call: two million files. Beyond it nothing is swept, rather than what was not seen. */
const MAX_PAGES = 2_000;

/**
 * Once a day deletes a part of what nothing says any more: descriptions and pictures of files that were replaced, and
 * genres, tags and people without a title. What files that are gone say is kept, since they may come back. Reads in
 * pages; cut off anywhere, it begins that day again. Milliseconds since 1970.
 */
export async function sweepCatalog(env: Swept, now: number): Promise<void> {
  const day = Math.floor(now / DAY_MS);
  if ((await sweptUntil(env)) >= day) return;
  await sweepSaid(env, day);
  await sweepFacets(env);
  await noteSwept(env, day);
}

async function sweepSaid(env: Swept, day: number): Promise<void> {
  const part = day % PARTS;
  const hashes = [SIGNS[part], SIGNS[part + 1] ?? '~'] as [string, string];
  const images = [hexOf(part), part + 1 < PARTS ? hexOf(part + 1) : 'g'] as [string, string];
  const used = { hashes: new Set<string>(), images: new Set<string>() };
  let after = 0;
  for (let page = 0; ; page++) {
    if (page === MAX_PAGES) return;
    const files = await whatFilesSay(env, after, FILES);
    for (const { work, images: pictures } of files) {
      for (const hash of descriptionsOf(work)) if (isIn(hash, hashes)) used.hashes.add(hash);
      for (const id of stringsOf(pictures)) if (isIn(id, images)) used.images.add(id);
    }
    const last = files.at(-1);
    if (!last || files.length < FILES) break;
    after = last.id;
  }
  await sweepDescriptions(env, hashes, used.hashes, day);
  await forgetPictures(env, await sweepImages(env, images, used.images, day));
}

async function sweepFacets(env: Swept): Promise<void> {
  const last = await lastItemId(env);
  let after = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const empty = await emptyFacets(env, after, FACETS);
    if (empty.length > 0) {
      const held = new Set<number>();
      for (let id = 0; id < last; id += ITEMS) {
        for (const facet of await facetsHeld(env, empty, [id, id + ITEMS])) held.add(facet);
      }
      await deleteFacets(
        env,
        empty.filter((id) => !held.has(id)),
      );
    }
    if (empty.length < FACETS) return;
    after = empty.at(-1) ?? after;
  }
}

function descriptionsOf(work: string | null): string[] {
  if (work === null) return [];
  const { described, seriesDescribed, seasonDescribed } = JSON.parse(work) as Record<string, unknown>;
  return [described, seriesDescribed, seasonDescribed].filter((hash) => typeof hash === 'string');
}

function stringsOf(json: string | null): string[] {
  return json === null ? [] : Object.values(JSON.parse(json) as object).filter((value) => typeof value === 'string');
}

const isIn = (name: string, [from, to]: readonly [string, string]) => name >= from && name < to;

/** Where the 256 first bytes of ids are cut into the parts. */
const hexOf = (part: number) => ((part * 256) / PARTS).toString(16).padStart(2, '0');
