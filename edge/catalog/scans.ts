import type { ScanProgress } from '../../shared/protocol/frames.ts';
import { saveScanStatement } from '../db/roots.ts';
import { runStatements } from '../db/scan-runs.ts';
import type { Env } from '../env.ts';
import { publishEvent } from '../objects/event-publisher.ts';

/** How often at most a scan's progress is written while its phase stays the same. */
const SCAN_WRITE_MS = 2_000;

/** Shows a scan's progress to everybody at once, and keeps it for those who come later: with its folder and as a run. */
export async function recordScanProgress(env: Env, agentId: string, progress: ScanProgress): Promise<void> {
  const { kind: _, run, ...news } = progress;
  const { root, ...scan } = news;
  const now = Date.now();
  await env.DB.batch([
    saveScanStatement(env.DB, agentId, root, scan, now, SCAN_WRITE_MS),
    ...(run ? runStatements(env.DB, { ...news, agentId, run }, now, SCAN_WRITE_MS) : []),
  ]);
  await publishEvent(env, { topic: 'library.scan.progress', agentId, root, scan }, { users: 'all' });
}
