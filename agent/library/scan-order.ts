import { randomBytes } from 'node:crypto';
import type { ScanTrigger } from '../../shared/protocol/scans.ts';

/** What a person wants of a scan beyond the usual. */
export interface ScanOptions {
  /** Deletions of any size are meant. */
  acceptDeletions: boolean;
  /** Every folder is looked into, also those that seem unchanged. */
  full: boolean;
}

/** A scan that is wanted of one root. */
export interface ScanOrder extends ScanOptions {
  run: string;
  trigger: ScanTrigger;
}

export function scanOrder(trigger: ScanTrigger, options: Partial<ScanOptions> = {}): ScanOrder {
  const run = `run_${randomBytes(16).toString('base64url')}`;
  return { run, trigger, acceptDeletions: options.acceptDeletions ?? false, full: options.full ?? false };
}

/** Which trigger a run is known by that several asked for: the one that somebody waits for. */
const PRECEDENCE: readonly ScanTrigger[] = ['hand', 'webhook', 'start', 'change', 'timer'];

/** One scan that does what both want, under the name of the one that waits already. */
export function merged(waiting: ScanOrder, next: ScanOrder): ScanOrder {
  const triggers = [waiting.trigger, next.trigger];
  return {
    run: waiting.run,
    trigger: PRECEDENCE.find((trigger) => triggers.includes(trigger)) ?? next.trigger,
    acceptDeletions: waiting.acceptDeletions || next.acceptDeletions,
    full: waiting.full || next.full,
  };
}
