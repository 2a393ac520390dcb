import { z } from 'zod';
import { RenditionId } from '../media/plan.ts';
import { CopyKey, Fingerprint, ImageId } from './names.ts';

/** Most sheets of previews that a film has. */
const MAX_SHEETS = 1000;

/** What an agent makes of a film beside its pictures and its sound. */
export const MadeResource = z.discriminatedUnion('kind', [
  /**
   * One text track as WebVTT: whole, or one window of it (an agent that does not know windows answers it whole). As
   * `ass` it is what the file holds, for clients that draw it; other tracks have no such form.
   */
  z.object({
    kind: z.literal('subtitle'),
    stream: z.number().int().nonnegative(),
    window: z.number().int().nonnegative().max(10_000).optional(),
    form: z.literal('ass').optional(),
  }),
  /** A sheet of small pictures for the seek bar; `sheet` null is the WebVTT that says where each one lies. */
  z.object({
    kind: z.literal('trickplay'),
    sheet: z.number().int().nonnegative().max(MAX_SHEETS).nullable(),
  }),
  /** A font that is attached to the film, by its stream's index; null is the list of all as JSON. */
  z.object({ kind: z.literal('font'), font: z.number().int().nonnegative().max(1000).nullable() }),
]);
export type MadeResource = z.infer<typeof MadeResource>;

/**
 * What a byte request can ask an agent for. All but pictures (`image`, `still`) belong to an open session and its one
 * copy. An agent is only asked for the kinds of version 1 and those that its hello names.
 */
export const Resource = z.discriminatedUnion('kind', [
  /** The file as it is; the only resource that takes a range. */
  z.object({ kind: z.literal('file') }),
  z.object({ kind: z.literal('init'), rendition: RenditionId }),
  z.object({ kind: z.literal('segment'), rendition: RenditionId, k: z.number().int().nonnegative().max(1_000_000) }),
  /** A picture that the agent announced in a claim, scaled down to a width in pixels. */
  z.object({ kind: z.literal('image'), image: ImageId, width: z.number().int().min(16).max(3840) }),
  ...MadeResource.options,
  /** The picture of a copy at a time, scaled down to a width in pixels. */
  z.object({
    kind: z.literal('still'),
    copy: CopyKey,
    fingerprint: Fingerprint,
    atMs: z.number().int().nonnegative(),
    width: z.number().int().min(16).max(3840),
  }),
]);
export type Resource = z.infer<typeof Resource>;

/** Kinds that came after version 1: an agent that does not name them in its hello would not answer. */
export const LATER_RESOURCES = ['trickplay', 'font', 'still'] as const;

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
