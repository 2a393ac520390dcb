import type { ScanProgress } from '../../shared/protocol/frames.ts';
import { saveScan } from '../db/roots.ts';
import type { Env } from '../env.ts';
import { publishEvent } from '../objects/event-publisher.ts';

/** How often at most a scan's progress is written while its phase stays the same. */
const SCAN_WRITE_MS = 2_000;

/** Shows a scan's progress to everybody at once, and keeps it for those who come later. */
export async function recordScanProgress(env: Env, agentId: string, progress: ScanProgress): Promise<void> {
  const { kind: _, root, ...scan } = progress;
  await saveScan(env.DB, agentId, root, scan, Date.now(), SCAN_WRITE_MS);
  await publishEvent(env, { topic: 'library.scan.progress', agentId, root, scan }, { users: 'all' });
}
