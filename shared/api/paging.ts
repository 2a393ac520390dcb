import { z } from 'zod';

/** Query of every list: an opaque keyset cursor from the last answer's `next`, and a bounded page size. */
export const PageQuery = z.object({
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** The form of every list: `next` null is the end. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });
export type Page<T> = { items: T[]; next: string | null };
