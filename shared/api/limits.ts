import { z } from 'zod';

/** The most devices that anybody watches on at once. */
const MAX_STREAMS = 100;

/** `PUT /api/v1/users/{id}/limits`: how much one person may take. Null is no limit. */
export const ViewingLimits = z.object({
  /** Films at once, on all devices. */
  maxStreams: z.number().int().min(1).max(MAX_STREAMS).nullable(),
  /** Kbit/s of one film that is watched away from the network of the machine that serves it. */
  maxRemoteKbps: z.number().int().min(500).max(1_000_000).nullable(),
});
export type ViewingLimits = z.infer<typeof ViewingLimits>;

/** What holds for one person: their own limits, or (`own` false) those of everybody, which the settings say. */
export const PersonLimits = ViewingLimits.extend({ own: z.boolean() });
export type PersonLimits = z.infer<typeof PersonLimits>;
