import type {
  EditableField,
  EditableFields,
  EditedCredit,
  ItemMetadata,
  ItemMetadataRequest,
} from '../../shared/api/curation.ts';
import type { ItemDetail } from '../../shared/api/items.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { type Metadata, PersonRole } from '../../shared/protocol/sync.ts';
import { type ItemEdit, itemEdit, saveItemEdit } from '../db/item-edits.ts';
import { itemById, mergedInto } from '../db/items.ts';
import type { Env } from '../env.ts';
import { publishEvent } from '../objects/event-publisher.ts';
import { showItem } from './browse.ts';
import { ageOf } from './certifications.ts';
import { EDITABLE_TEXTS } from './descriptions.ts';
import { type FacetKind, facetsOf } from './facets.ts';
import { sortTitle } from './titles.ts';
import { restsOf, wordsOf } from './words.ts';

type Said = ItemMetadataRequest['fields'];

const KIND_OF = {
  genres: 'genre',
  tags: 'tag',
  studios: 'studio',
  collections: 'collection',
  people: 'person',
} as const satisfies Partial<Record<EditableField, FacetKind>>;
const LISTS = Object.keys(KIND_OF) as (keyof typeof KIND_OF)[];

/** What somebody did for a title that plays in it. */
const PLAYS: ReadonlySet<string> = new Set(['actor', 'guest']);

/** What a title shows, and which of it an admin has set. Throws `not-found`. */
export async function showMetadata(env: Env, userId: number, id: number): Promise<ItemMetadata> {
  const everything = { userId, libMask: null, maxAge: null, unrated: true, hiddenSet: null };
  const [item, edit, merged] = await Promise.all([
    showItem(env, everything, id),
    itemEdit(env, id),
    mergedInto(env, id),
  ]);
  return {
    fields: fieldsOf(item),
    merged: merged.map((one) => ({ ...one, id: String(one.id) })),
    locked: lockedBy(edit),
  };
}

/**
 * Sets the fields that hold against whatever files say, and lets all others follow the files again. Throws
 * `not-found`, `bad-request` for a season, which has its name from its number. Answers what the title was called.
 */
export async function editMetadata(env: Env, id: number, fields: Said, now: number): Promise<string> {
  const item = await itemById(env, id);
  if (!item) throw new HearthcastError('not-found');
  if (item.kind === 'season') throw new HearthcastError('bad-request', 'Edit the series or its episodes.');
  const lists = LISTS.filter((name) => fields[name] !== undefined);
  const { facets, uses } = facetsOf(namedBy(fields));
  const edit: ItemEdit = {
    fields: storedFields(fields),
    facetKinds: lists.map((name) => KIND_OF[name]),
    facets: uses,
  };
  const isEmpty = Object.keys(edit.fields).length + edit.facetKinds.length === 0;
  const words = wordsOf([fields.title ?? '', fields.originalTitle ?? '', ...facets.map(({ name }) => name)]);
  await saveItemEdit(env, id, isEmpty ? null : edit, facets, words, restsOf, now);
  await publishEvent(env, { topic: 'metadata.updated', libraryIds: [] }, { users: 'all' });
  return item.title;
}

/** The lists of an edit in the words of a sidecar file. */
function namedBy({ genres, tags, studios, collections, people = [] }: Said): Metadata {
  const credits = people.map(({ name, role, character }) => ({ name, role, ...(character ? { character } : {}) }));
  return { genres, tags, studios, collections, people: credits };
}

function storedFields({ title, year, rating, certification, ...more }: Said): ItemEdit['fields'] {
  const fields: Record<string, string | number | null> = {};
  for (const name of EDITABLE_TEXTS) {
    const text = name === 'certification' ? certification : more[name];
    if (text !== undefined) fields[name] = text;
  }
  if (title !== undefined) Object.assign(fields, { title, sort: sortTitle(title) });
  if (year !== undefined) fields.year = year;
  if (rating !== undefined) fields.rating = rating === null ? null : Math.round(rating * 10);
  if (certification !== undefined) fields.age = certification === null ? null : ageOf(certification);
  return fields;
}

function lockedBy(edit: ItemEdit | null): EditableField[] {
  if (!edit) return [];
  const scalars = ['title', 'year', 'rating', ...EDITABLE_TEXTS] as const;
  return [
    ...scalars.filter((name) => name in edit.fields),
    ...LISTS.filter((name) => edit.facetKinds.includes(KIND_OF[name])),
  ];
}

function fieldsOf(item: ItemDetail): EditableFields {
  const { title, originalTitle, overview, tagline, year, certification } = item;
  const names = (refs: readonly { name: string }[]) => refs.map((ref) => ref.name);
  return {
    ...{ title, originalTitle, overview, tagline, year, rating: item.rating ?? null, certification },
    ...{ genres: names(item.genres), tags: names(item.tags) },
    ...{ studios: names(item.studios), collections: names(item.collections), people: creditsOf(item) },
  };
}

function creditsOf({ people }: ItemDetail): EditedCredit[] {
  return people.flatMap(({ name, roles, character }) => {
    const known = roles.flatMap((role) => PersonRole.safeParse(role).data ?? []);
    return known.map((role) => ({ name, role, character: PLAYS.has(role) ? character : null }));
  });
}
