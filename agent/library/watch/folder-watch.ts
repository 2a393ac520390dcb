import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** Linux gives a user 8192 watches by default, for all programs together; the hourly scan sees the rest. */
const MAX_WATCHED_FOLDERS = 4096;

/** After a change the disk gets this long to rest before it is looked at. */
const QUIET_MS = 1000;

/** While changes never stop it is looked at anyway, the rarer the longer a scan takes. */
const MAX_WAIT_SCANS = 10;
const MIN_MAX_WAIT_MS = 3000;
const MAX_MAX_WAIT_MS = 5 * 60_000;

/** Says when something in a root has changed: folder by folder on Linux, with the system's own recursion elsewhere. */
export class FolderWatch implements Disposable {
  readonly #path: string;
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #recursive = process.platform !== 'linux';
  #maxWaitMs = MIN_MAX_WAIT_MS;
  #changedAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, onChange: () => void) {
    this.#path = path;
    this.#onChange = onChange;
  }

  /** Watches these folders (below the root, with slashes) and no others. */
  follow(folders: Iterable<string>, lastScanMs: number): void {
    this.#maxWaitMs = Math.min(MAX_MAX_WAIT_MS, Math.max(MIN_MAX_WAIT_MS, lastScanMs * MAX_WAIT_SCANS));
    const wanted = new Set(this.#recursive ? [''] : folders);
    for (const [dir, watcher] of this.#watchers) {
      if (wanted.has(dir)) continue;
      watcher.close();
      this.#watchers.delete(dir);
    }
    for (const dir of wanted) {
      if (this.#watchers.size >= MAX_WATCHED_FOLDERS) return;
      if (!this.#watchers.has(dir)) this.#watch(dir);
    }
  }

  #watch(dir: string): void {
    try {
      const watcher = watch(join(this.#path, dir), { recursive: this.#recursive, persistent: false }, () =>
        this.#changed(),
      );
      watcher.on('error', () => {
        // The folder went away, or the system has no more watches.
        watcher.close();
        this.#watchers.delete(dir);
        this.#changed();
      });
      this.#watchers.set(dir, watcher);
    } catch {
      // No more watches, or the folder is gone: the periodic scan remains.
    }
  }

  #changed(): void {
    const now = Date.now();
    this.#changedAt ??= now;
    const wait = Math.max(0, Math.min(QUIET_MS, this.#changedAt + this.#maxWaitMs - now));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#changedAt = null;
      this.#onChange();
    }, wait);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}
