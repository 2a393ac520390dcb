import { z } from 'zod';

/** How a machine comes to a newer agent: by itself, when somebody says so, or not at all. */
export const UPDATE_MODES = ['automatic', 'offered', 'off'] as const;
export const UpdateMode = z.enum(UPDATE_MODES);
export type UpdateMode = z.infer<typeof UpdateMode>;

/** Part of a day by a machine's own clock, such as `02:00-05:00`; it may go over midnight. */
export const UpdateHours = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/);

/**
 * What the deployment says of its machines' updates. It holds where a machine's own configuration says nothing; what an
 * agent takes it takes because of the signature [HS7].
 */
export const UpdateWishes = z.object({ mode: UpdateMode, hours: UpdateHours.nullable() });
export type UpdateWishes = z.infer<typeof UpdateWishes>;
