import { z } from 'zod';
import { ItemFilters, SORTS } from '../../shared/api/items.ts';

type GridSearch = z.infer<typeof ItemFilters> & {
  sort?: (typeof SORTS)[number] | undefined;
  dir?: 'asc' | 'desc' | undefined;
  seed?: number | undefined;
};

/** Filters of a grid in its address: one that is not understood is left out, and the others hold. */
export const gridSearch = z.object({
  ...Object.fromEntries(
    Object.entries(ItemFilters.shape).map(([name, schema]) => [name, (schema as z.ZodType).catch(undefined)]),
  ),
  sort: z.enum(SORTS).optional().catch(undefined),
  dir: z.enum(['asc', 'desc']).optional().catch(undefined),
  seed: z.coerce.number().int().nonnegative().optional().catch(undefined),
}) as unknown as z.ZodType<GridSearch, GridSearch>;
