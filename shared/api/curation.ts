import { z } from 'zod';
import { PersonRole } from '../protocol/sync.ts';

const Text = (max: number) => z.string().trim().min(1).max(max);
const Names = z.array(Text(200)).max(100);

/** One thing that somebody did for a title; who did several stands there several times. */
export const EditedCredit = z.object({
  name: Text(200),
  role: PersonRole,
  /** Whom they play. */
  character: Text(200).nullable().default(null),
});
export type EditedCredit = z.infer<typeof EditedCredit>;

/** What an admin can say of a title themselves; null says that there is none. */
export const EditableFields = z.object({
  title: Text(300),
  originalTitle: Text(300).nullable(),
  overview: Text(10_000).nullable(),
  tagline: Text(500).nullable(),
  year: z.number().int().min(1800).max(2200).nullable(),
  /** 0 to 10. */
  rating: z.number().min(0).max(10).nullable(),
  /** Such as `PG-13` or `DE:FSK 16`. */
  certification: Text(40).nullable(),
  genres: Names,
  tags: Names,
  studios: Names,
  collections: Names,
  people: z.array(EditedCredit).max(100),
});
export type EditableFields = z.infer<typeof EditableFields>;
export type EditableField = keyof EditableFields;

/**
 * `PUT /api/v1/items/{id}/metadata`: the fields that hold against whatever files say. A field that is not named follows
 * the files again; an empty object undoes all.
 */
export const ItemMetadataRequest = z.object({ fields: EditableFields.partial() });
export type ItemMetadataRequest = z.infer<typeof ItemMetadataRequest>;

/** What a title shows now, and which of it an admin has set. */
export const ItemMetadata = z.object({
  fields: EditableFields.extend({ title: z.string() }),
  /** Titles that were merged into it, which can be taken out again. */
  merged: z.array(z.object({ id: z.string(), title: z.string(), year: z.number().int().nullable() })),
  locked: z.array(z.enum(Object.keys(EditableFields.shape) as [EditableField, ...EditableField[]])),
});
export type ItemMetadata = z.infer<typeof ItemMetadata>;
