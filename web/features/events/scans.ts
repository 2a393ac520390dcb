import type { Library, LibraryRoot, ScanStatus } from '../../../shared/api/libraries.ts';
import { createStore } from '../../ui/store.ts';

/** The newest word on each root's scan, by `agent/root`. */
export type LiveScans = ReadonlyMap<string, ScanStatus>;

export const liveScans = createStore<LiveScans>(new Map());

const key = (agentId: string, root: string) => `${agentId}/${root}`;

/** True where it is in another phase than before. */
export function noteScan(agentId: string, root: string, scan: ScanStatus): boolean {
  const before = liveScans.get().get(key(agentId, root));
  liveScans.set(new Map(liveScans.get()).set(key(agentId, root), scan));
  return before?.phase !== scan.phase;
}

export interface RootScan {
  library: Pick<Library, 'id' | 'name'>;
  root: LibraryRoot;
  scan: ScanStatus;
}

const RUNNING: ReadonlySet<ScanStatus['phase']> = new Set(['walking', 'probing', 'syncing']);

/** The scans that run now, the live word before the one that was read with the libraries. */
export function runningScans(libraries: readonly Library[], live: LiveScans): RootScan[] {
  return libraries.flatMap((library) =>
    library.roots
      .map((root) => ({ library, root, scan: live.get(key(root.agent.id, root.id)) ?? root.scan }))
      .filter(({ root, scan }) => RUNNING.has(scan.phase) && root.agent.online),
  );
}

/** How far all of these are together, 0 to 1; null while any still counts its files. */
export function scanFraction(scans: readonly RootScan[]): number | null {
  let done = 0;
  let total = 0;
  for (const { scan } of scans) {
    if (scan.total === null) return null;
    done += scan.done;
    total += scan.total;
  }
  return total === 0 ? null : Math.min(1, done / total);
}

/** What a scan does now, in words. */
export function scanWords(scan: ScanStatus): string {
  const n = (value: number) => value.toLocaleString('en');
  switch (scan.phase) {
    case 'walking':
      return scan.done > 0
        ? `Looking through the folders: ${n(scan.done)} files so far`
        : 'Looking through the folders';
    case 'probing':
      return scan.total === null
        ? `Reading files: ${n(scan.done)} so far`
        : `Reading files: ${n(scan.done)} of ${n(scan.total)}`;
    case 'syncing':
      return 'Putting the last titles on the shelf';
    case 'failed':
      return scan.message ?? 'The scan failed';
    case 'done':
    case 'idle':
      return 'Up to date';
  }
}
