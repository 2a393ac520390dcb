import { z } from 'zod';

/** The generation of the key that signs access tokens from now on. */
export const RotatedKey = z.object({ generation: z.number().int().positive() });
export type RotatedKey = z.infer<typeof RotatedKey>;
