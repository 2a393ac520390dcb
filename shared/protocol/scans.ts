import { z } from 'zod';
import { RootId } from './names.ts';

/** What began a scan: the agent's start, a change that it saw, its clock, a person, or another program. */
export const ScanTrigger = z.enum(['start', 'change', 'timer', 'hand', 'webhook']);
export type ScanTrigger = z.infer<typeof ScanTrigger>;

/** Named by the agent: random, so that runs of two lives of one agent never meet. */
export const ScanRunId = z.string().regex(/^run_[A-Za-z0-9_-]{22}$/);

/** One run of a scan, as its agent tells of it beside the progress. */
export const ScanRunInfo = z.object({
  id: ScanRunId,
  trigger: ScanTrigger,
  full: z.boolean(),
  /** Milliseconds since it began: clocks of machines differ. */
  tookMs: z.number().int().nonnegative(),
  /** Files whose content was read, that went away, and that are missing and kept for now. */
  read: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
  held: z.number().int().nonnegative(),
  state: z.enum(['running', 'done', 'failed', 'stopped']),
});
export type ScanRunInfo = z.infer<typeof ScanRunInfo>;

/** How often everything is looked at again whatever watching says, in minutes. */
export const RescanMinutes = z.number().int().min(5).max(120);

/** By root; a root that is not named goes by the agent's own settings. */
export const RescanByRoot = z.record(RootId, RescanMinutes);
export type RescanByRoot = z.infer<typeof RescanByRoot>;
