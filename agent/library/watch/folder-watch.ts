import { type FSWatcher, statfsSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

export type WatchHealth = 'ok' | 'polling' | 'failed';

/** Linux gives a user 8192 watches by default, for all programs together; the hourly scan sees the rest. */
const MAX_WATCHED_FOLDERS = 4096;

/** After a change the disk gets this long to rest before it is looked at. */
const QUIET_MS = 1000;

/** While changes never stop it is looked at anyway, the rarer the longer a scan takes. */
const MAX_WAIT_SCANS = 10;
const MIN_MAX_WAIT_MS = 3000;
const MAX_MAX_WAIT_MS = 5 * 60_000;

/**
 * File systems of other machines, by Linux's numbers (NFS, SMB, 9p, Ceph, AFS): what others change there is not told
 * to this machine, though watching seems to work.
 */
const REMOTE = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x00c36400, 0x5346414f]);

interface Watched {
  watcher: FSWatcher;
  identity: string | null;
}

/** Says when something in a root has changed: folder by folder on Linux, with the system's own recursion elsewhere. */
export class FolderWatch implements Disposable {
  readonly #path: string;
  readonly #onChange: () => void;
  readonly #limit: number;
  readonly #isRemote: (path: string) => boolean;
  readonly #watchers = new Map<string, Watched>();
  readonly #recursive = process.platform !== 'linux';
  #maxWaitMs = MIN_MAX_WAIT_MS;
  #health: WatchHealth = 'polling';
  #changedAt: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, onChange: () => void, limit = MAX_WATCHED_FOLDERS, remote = isRemote) {
    this.#limit = limit;
    this.#isRemote = remote;
    this.#path = path;
    this.#onChange = onChange;
  }

  /** Whether every change is seen at once, only by the next scan, or only so because watching failed. */
  get health(): WatchHealth {
    return this.#health;
  }

  /** Watches these folders (below the root, with slashes) and no others. */
  follow(folders: Iterable<string>, lastScanMs: number): void {
    this.#maxWaitMs = Math.min(MAX_MAX_WAIT_MS, Math.max(MIN_MAX_WAIT_MS, lastScanMs * MAX_WAIT_SCANS));
    const wanted = new Set(this.#recursive ? [''] : folders);
    const remote = this.#isRemote(this.#path);
    for (const [dir, { watcher, identity }] of this.#watchers) {
      // A disk that was unplugged and is back has other folders under the same names: the old watch is silent.
      if (wanted.has(dir) && (remote || identity === identityOf(join(this.#path, dir)))) continue;
      watcher.close();
      this.#watchers.delete(dir);
    }
    for (const dir of wanted) {
      if (this.#watchers.size >= this.#limit) break;
      if (!this.#watchers.has(dir)) this.#watch(dir);
    }
    const none = this.#watchers.size === 0 && wanted.size > 0;
    const some = this.#watchers.size < wanted.size || remote;
    this.#health = none ? 'failed' : some ? 'polling' : 'ok';
  }

  #watch(dir: string): void {
    try {
      const path = join(this.#path, dir);
      const identity = identityOf(path);
      const watcher = watch(path, { recursive: this.#recursive, persistent: false }, () => this.#changed());
      watcher.on('error', () => {
        // The folder went away, or the system has no more watches.
        watcher.close();
        this.#watchers.delete(dir);
        this.#health = 'polling';
        this.#changed();
      });
      this.#watchers.set(dir, { watcher, identity });
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
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}

/** Device and number of a folder; null where it is not there. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

function isRemote(path: string): boolean {
  try {
    return process.platform === 'linux' && REMOTE.has(statfsSync(path).type >>> 0);
  } catch {
    // The root went away; the next scan says so.
    return false;
  }
}
