import { z } from 'zod';
import { Fingerprint } from './names.ts';

/**
 * A piece of what a machine does for nobody in particular: what is made (`previews`, `subtitles`, and what later
 * releases name), and of which film.
 */
export const BackgroundWork = z.object({
  kind: z.string().regex(/^[a-z-]{1,40}$/),
  fingerprint: Fingerprint,
});
export type BackgroundWork = z.infer<typeof BackgroundWork>;

/**
 * Why there is no leave for it: somebody waits for a slot of this machine or of one that would read its disks; somebody
 * watches what it serves or lends; it is to be stopped; another machine is at the same work; or so much is being done
 * that the edge keeps no more account of it.
 */
export const LEAVE_REFUSALS = ['viewer-waits', 'viewer-watches', 'draining', 'same-work', 'too-many'] as const;
export const LeaveRefusal = z.enum(LEAVE_REFUSALS);
export type LeaveRefusal = z.infer<typeof LeaveRefusal>;

/** Leave to do a piece of work for so many milliseconds, or the reason why not. */
export const Leave = z.discriminatedUnion('may', [
  z.object({ may: z.literal(true), forMs: z.number().int().positive() }),
  z.object({ may: z.literal(false), because: LeaveRefusal }),
]);
export type Leave = z.infer<typeof Leave>;

/** One work as a key. */
export function workKey({ kind, fingerprint }: BackgroundWork): string {
  return `${kind}/${fingerprint}`;
}
