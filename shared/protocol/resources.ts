import { z } from 'zod';
import { RenditionId } from '../media/plan.ts';
import { ImageId } from './names.ts';

/** What a byte request can ask an agent for. All but pictures belong to an open session and its one copy. */
export const Resource = z.discriminatedUnion('kind', [
  /** The file as it is; the only resource that takes a range. */
  z.object({ kind: z.literal('file') }),
  z.object({ kind: z.literal('init'), rendition: RenditionId }),
  z.object({ kind: z.literal('segment'), rendition: RenditionId, k: z.number().int().nonnegative().max(1_000_000) }),
  /** One text track as WebVTT, whole. */
  z.object({ kind: z.literal('subtitle'), stream: z.number().int().nonnegative() }),
  /** A picture that the agent announced in a claim, scaled down to a width in pixels. */
  z.object({ kind: z.literal('image'), image: ImageId, width: z.number().int().min(16).max(3840) }),
]);
export type Resource = z.infer<typeof Resource>;

/** An inclusive byte range; `end` null is "to the end". */
export const ByteRange = z.object({
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative().nullable(),
});
export type ByteRange = z.infer<typeof ByteRange>;

/**
 * Why an agent cannot give what was asked, in the three classes of which only the first moves a session, and
 * `session` for one that this agent does not have (it restarted, or the session moved or ended).
 */
export const FAILURE_CLASSES = ['liveness', 'capacity', 'content', 'session'] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];
