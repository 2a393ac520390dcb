import { z } from 'zod';

export const Site = z.object({ id: z.string(), name: z.string() });
export type Site = z.infer<typeof Site>;
export const Sites = z.object({ items: z.array(Site) });
export const CreateSite = z.object({ name: z.string().trim().min(1).max(100) });

/** `POST /api/v1/agents/enrolments`: a one-time code for one machine of a site; absent is the first site. */
export const CreateEnrolment = z.object({ siteId: z.string().optional() });
export const Enrolment = z.object({ code: z.string(), siteId: z.string(), expiresAt: z.number().int() });
export type Enrolment = z.infer<typeof Enrolment>;

export const Agent = z.object({
  id: z.string(),
  name: z.string(),
  site: Site,
  online: z.boolean(),
  version: z.string().nullable(),
  /** Milliseconds since 1970; null for one that never connected. */
  lastSeenAt: z.number().int().nullable(),
  platform: z.string().nullable(),
  videoEncoders: z.array(z.string()),
  slotsUsed: z.number().int().nonnegative(),
  slotsTotal: z.number().int().nonnegative(),
  /** What its line to the edge carries, measured or seen while it worked, in bytes a second; null while not known. */
  uplinkBytesPerSecond: z.number().int().nonnegative().nullable(),
});
export type Agent = z.infer<typeof Agent>;
export const Agents = z.object({ items: z.array(Agent) });
