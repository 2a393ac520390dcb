import { z } from 'zod';

/** Agent ids are made by the edge at enrolment: `agt_` and 22 characters of base64url (128 bits). */
export const AgentId = z.string().regex(/^agt_[A-Za-z0-9_-]{22}$/);

/** Session ids are made by the edge: `ses_` and 22 characters of base64url (128 bits). */
export const SessionId = z.string().regex(/^ses_[A-Za-z0-9_-]{22}$/);

/** A root's id is made by its agent and never changes: a slug and a short random tail. */
export const RootId = z.string().regex(/^[a-z0-9-]{1,48}$/);

/** The first 128 bits of SHA-256 over the path relative to its root (bytes as on disk), in hex. */
export const PathHash = z.string().regex(/^[0-9a-f]{32}$/);

/**
 * A copy as its agent knows it: no path crosses the link from the edge to the agent whose file it is. (One below a root
 * reaches agents that have that folder too, see `sources.ts`.)
 */
export const CopyKey = z.object({ root: RootId, pathHash: PathHash });
export type CopyKey = z.infer<typeof CopyKey>;

/** A picture: the first 128 bits of SHA-256 over what it is made from, in hex. */
export const ImageId = z.string().regex(/^[0-9a-f]{32}$/);

/** Content fingerprint of a media file: two copies with one fingerprint are interchangeable. */
export const Fingerprint = z.string().regex(/^[0-9a-f]{32}$/);
