import { z } from 'zod';
import { RootInfo } from '../protocol/capabilities.ts';
import { DirectAddress } from '../protocol/direct.ts';
import { BrowseAnswer, FolderPlace } from '../protocol/folders.ts';

export const Site = z.object({
  id: z.string(),
  name: z.string(),
  /** Kbit/s that viewers elsewhere may take of the site's line, all together; null is no limit. */
  uplinkKbps: z.number().int().positive().nullable(),
});
export type Site = z.infer<typeof Site>;
export const Sites = z.object({ items: z.array(Site) });
/** `PUT /api/v1/sites/{id}`: all that an admin sets of a site. */
export const ChangeSite = z.object({ uplinkKbps: z.number().int().min(500).max(100_000_000).nullable() });
export type ChangeSite = z.infer<typeof ChangeSite>;
export const CreateSite = z.object({ name: z.string().trim().min(1).max(100) });

/** `POST /api/v1/agents/enrolments`: a one-time code for one machine of a site; absent is the first site. */
export const CreateEnrolment = z.object({ siteId: z.string().optional() });
export const Enrolment = z.object({ code: z.string(), siteId: z.string(), expiresAt: z.number().int() });
export type Enrolment = z.infer<typeof Enrolment>;

export const Agent = z.object({
  id: z.string(),
  name: z.string(),
  site: Site.pick({ id: true, name: true }),
  online: z.boolean(),
  version: z.string().nullable(),
  /** Milliseconds since 1970; null for one that never connected. */
  lastSeenAt: z.number().int().nullable(),
  platform: z.string().nullable(),
  videoEncoders: z.array(z.string()),
  slotsUsed: z.number().int().nonnegative(),
  slotsTotal: z.number().int().nonnegative(),
  /** It takes nothing new; once it serves no session it can be stopped. */
  draining: z.boolean(),
  /** Sessions that it serves now. */
  sessions: z.number().int().nonnegative(),
  /** What its line to the edge carries, measured or seen while it worked, in bytes a second; null while not known. */
  uplinkBytesPerSecond: z.number().int().nonnegative().nullable(),
  /** Where viewers may come to the machine itself, and whether an admin lets them; null where it announced nothing. */
  direct: z.object({ allowed: z.boolean(), addresses: z.array(DirectAddress) }).nullable(),
  /** Names of the machines of its site that encode its films for it where that is better. */
  lendsTo: z.array(z.string()),
  /** Names of the machines that do so at this moment, and for how many sessions. */
  lendsNow: z.array(z.object({ machine: z.string(), sessions: z.number().int().positive() })),
  /** What it does for nobody in particular at this moment: `previews`, `subtitles`, and what later releases know. */
  background: z.array(z.string()),
});
export type Agent = z.infer<typeof Agent>;
/** `POST /api/v1/agents/{id}/drain`: whether the agent is to take nothing new, or viewers again. */
export const DrainAgent = z.object({ draining: z.boolean().default(true) });
/** `PUT /api/v1/agents/{id}/direct`: whether viewers may come to the machine itself. */
export const AllowDirect = z.object({ allowed: z.boolean() });
/** Sessions that it still had at that moment. */
export const DrainedAgent = z.object({ sessions: z.number().int().nonnegative() });
export const Agents = z.object({ items: z.array(Agent) });

/** `POST /api/v1/agents/{id}/folders`: what is in a folder of a machine; `place` null is what its owner allowed. */
export const BrowseRequest = z.object({ place: FolderPlace.nullable() });
export { BrowseAnswer as Folders };

/** `POST /api/v1/agents/{id}/roots`: share a folder of a machine in the library of this name, old or new. */
export const AddRoot = z.object({ place: FolderPlace, library: z.string().trim().min(1).max(200) });
export const AddedRoot = z.object({ root: RootInfo });

/** `POST /api/v1/agents/{id}/update`: the version that the machine takes now. */
export const AgentUpdate = z.object({ version: z.string() });
