import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { isHdr } from '../../shared/media/media-info.ts';
import type { CallAnswer } from '../../shared/protocol/calls.ts';
import type { RootInfo } from '../../shared/protocol/capabilities.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import type { CopyKey } from '../../shared/protocol/names.ts';
import type { RescanByRoot, ScanTrigger } from '../../shared/protocol/scans.ts';
import type { Binaries } from '../ffmpeg/locate.ts';
import type { CopyLookup, ImageSource, IndexedCopy } from './copies.ts';
import { LibraryIndex } from './index/library-index.ts';
import { type FileRow, mediaOf, subtitlesOf } from './index/rows.ts';
import { RESCAN_MS, RootScanner } from './root-scanner.ts';
import { lookAt } from './root-state.ts';
import { identifyRoots, type Root, type RootConfig } from './roots.ts';
import type { ScanOptions } from './scan-order.ts';
import type { SyncTarget } from './sync/sync-target.ts';
import { Syncer } from './sync/syncer.ts';

/** Where in a film its picture is taken: behind the titles, before anything is given away. */
const FRAME_AT = 0.15;

export interface LibraryOptions {
  roots: readonly RootConfig[];
  /** Holds the index and the roots' ids. */
  dataDir: string;
  /** Null where there is no ffmpeg: what is known can be served, nothing new can be read. */
  binaries: Binaries | null;
  log: Logger;
  /** Stops everything. */
  signal: AbortSignal;
  onEvent(event: AgentEvent): void;
  /** False for a single scan: nothing is watched, nothing is scanned by itself. */
  watch?: boolean;
  /** Between two scans of everything; an hour where nothing is said. */
  rescanMs?: number;
}

type ScanAnswer = CallAnswer<'library.scan'>;

interface RootStatus extends RootInfo {
  path: string;
  present: number;
  problems: number;
  scanning: boolean;
}

export interface Library extends CopyLookup, AsyncDisposable {
  /** The files that came last, newest first. */
  newest(limit: number): IndexedCopy[];
  roots(): RootInfo[];
  /**
   * Scans one root or all, now or when their disks are free. Answers the run of each, which may be one that waited
   * already; not started for a root that this agent has not.
   */
  scan(root: string | null, options?: Partial<ScanOptions>, trigger?: ScanTrigger): ScanAnswer;
  /** Stops the scans of one root or of all. What they have read is kept. */
  stop(root: string | null): { stopped: boolean };
  /** Looks at roots again after so many minutes, by root; at the others as the options say. */
  rescan(minutes: RescanByRoot): void;
  /** Sends what the edge lacks, and from now on whatever changes; resolves when the edge has everything. */
  sync(target: SyncTarget, signal: AbortSignal): Promise<void>;
  /** Resolves when no scan is running or waiting. */
  idle(): Promise<void>;
  /** Shares these folders from now on. What stays is looked at again; films that are playing play on. */
  setRoots(roots: readonly RootConfig[], rescanMs: number): Promise<void>;
  status(): RootStatus[];
}

/**
 * Opens the library of this machine: its index, its roots, and, unless told otherwise, the scans that keep it
 * true. Rejects when the data folder cannot be written.
 */
export async function openLibrary(options: LibraryOptions): Promise<Library> {
  mkdirSync(options.dataDir, { recursive: true });
  const index = new LibraryIndex(join(options.dataDir, 'library.sqlite'), options.log);
  const roots = identifyRoots(options.roots, options.dataDir);
  const library = new AgentLibrary(options, index, roots);
  await library.start();
  return library;
}

class AgentLibrary implements Library {
  readonly #options: LibraryOptions;
  readonly #index: LibraryIndex;
  #roots: ReadonlyMap<string, Root>;
  #scanner: RootScanner;
  #syncer: Syncer;
  #target: [SyncTarget, AbortSignal] | null = null;
  #stop = new AbortController();
  #rescans: RescanByRoot | null = null;
  #changing: Promise<void> = Promise.resolve();

  constructor(options: LibraryOptions, index: LibraryIndex, roots: readonly Root[]) {
    this.#options = options;
    this.#index = index;
    this.#roots = new Map(roots.map((root) => [root.id, root]));
    this.#syncer = this.#makeSyncer(roots);
    this.#scanner = this.#makeScanner(roots, options.rescanMs ?? RESCAN_MS);
  }

  #makeSyncer(roots: readonly Root[]): Syncer {
    const index = this.#index;
    return new Syncer(index, this.#options.log, {
      roots: roots.map(({ id }) => id),
      complete: () => roots.every(({ id }) => index.meta(`whole:${id}`) !== null),
    });
  }

  #makeScanner(roots: readonly Root[], rescanMs: number): RootScanner {
    const { log, binaries, onEvent, signal } = this.#options;
    return new RootScanner({
      roots,
      index: this.#index,
      ffprobe: binaries?.ffprobe ?? null,
      rescanMs,
      log,
      onEvent,
      onWritten: () => void this.#syncer.kick(),
      settle: () => this.#syncer.kick(),
      compare: () => void this.#syncer.compare('whole'),
      syncing: () => this.#syncer.busy,
      signal: AbortSignal.any([signal, this.#stop.signal]),
    });
  }

  async start(): Promise<void> {
    this.#forgetFormerRoots();
    for (const root of this.#roots.values()) this.#scanner.setState(root, (await lookAt(root.path)).state);
    if (this.#options.watch !== false) this.#scanner.start();
  }

  roots(): RootInfo[] {
    return this.#scanner.infos();
  }

  scan(root: string | null, options: Partial<ScanOptions> = {}, trigger: ScanTrigger = 'hand'): ScanAnswer {
    const ids = this.#named(root);
    const runs = Object.fromEntries(ids.map((id) => [id, this.#scanner.request(id, trigger, options)]));
    return { started: ids.length > 0, runs };
  }

  stop(root: string | null): { stopped: boolean } {
    return { stopped: this.#named(root).filter((id) => this.#scanner.stop(id)).length > 0 };
  }

  rescan(minutes: RescanByRoot): void {
    this.#rescans = minutes;
    this.#scanner.rescan(minutes);
  }

  #named(root: string | null): string[] {
    return root === null ? [...this.#roots.keys()] : this.#roots.has(root) ? [root] : [];
  }

  sync(target: SyncTarget, signal: AbortSignal): Promise<void> {
    this.#target = [target, signal];
    return this.#syncer.sync(target, signal);
  }

  setRoots(configs: readonly RootConfig[], rescanMs: number): Promise<void> {
    // One change after another: two at once would each make a scanner.
    this.#changing = this.#changing.then(() => this.#change(configs, rescanMs));
    return this.#changing;
  }

  async #change(configs: readonly RootConfig[], rescanMs: number): Promise<void> {
    if (this.#options.signal.aborted) return;
    this.#stop.abort();
    await this.#scanner[Symbol.asyncDispose]();
    await this.#syncer[Symbol.asyncDispose]();
    this.#stop = new AbortController();
    const roots = identifyRoots(configs, this.#options.dataDir);
    this.#roots = new Map(roots.map((root) => [root.id, root]));
    this.#syncer = this.#makeSyncer(roots);
    this.#scanner = this.#makeScanner(roots, rescanMs);
    await this.start();
    if (this.#rescans) this.#scanner.rescan(this.#rescans);
    // Before any claim of a new folder is sent: the edge takes none of a folder that it does not know.
    this.#options.onEvent({ kind: 'roots', roots: this.roots() });
    if (this.#target) void this.#syncer.sync(...this.#target);
  }

  idle(): Promise<void> {
    return this.#scanner.idle();
  }

  status(): RootStatus[] {
    return [...this.#roots.values()].map(({ id, name, library, path }) => {
      const counts = this.#index.counts(id);
      return {
        id,
        name,
        library,
        path,
        state: this.#scanner.stateOf(id),
        watch: this.#scanner.watchOf(id),
        ...counts,
        scanning: this.#scanner.isBusy(id),
      };
    });
  }

  copy({ root, pathHash }: CopyKey): IndexedCopy | null {
    return this.#roots.has(root) ? this.#copyOf(this.#index.file(root, pathHash)) : null;
  }

  newest(limit: number): IndexedCopy[] {
    return this.#index.newest(limit).flatMap((row) => this.#copyOf(row) ?? []);
  }

  #copyOf(row: FileRow | null): IndexedCopy | null {
    const at = row && this.#roots.get(row.root);
    if (!at || row.gone || row.fingerprint === null) return null;
    const externals = subtitlesOf(row).map(
      ({ name, part, stream }) => [stream.index, { path: join(at.path, row.dir, name), stream: part }] as const,
    );
    return {
      path: join(at.path, row.path),
      size: row.size,
      mtimeMs: row.mtime_ms,
      fingerprint: row.fingerprint,
      media: mediaOf(row),
      externalSubtitles: new Map(externals),
    };
  }

  image(id: string): ImageSource | null {
    const picture = this.#index.picture(id);
    const pictureRoot = picture && this.#roots.get(picture.root);
    if (pictureRoot) return { kind: 'file', path: join(pictureRoot.path, picture.path) };
    const row = this.#index.fileOfThumb(id);
    const root = row && this.#roots.get(row.root);
    if (!root) return null;
    const media = mediaOf(row);
    const atMs = Math.round(media.durationMs * FRAME_AT);
    return { kind: 'frame', path: join(root.path, row.path), atMs, hdr: isHdr(media) };
  }

  /** Folders that the owner took away: their films leave the library, and come back unread when they return. */
  #forgetFormerRoots(): void {
    for (const id of this.#index.roots()) {
      if (this.#roots.has(id)) continue;
      this.#index.forgetFolders(id);
      for (const dir of this.#index.folders(id)) {
        this.#index.markGone(
          id,
          this.#index.filesIn(id, dir).map((row) => row.path_hash),
        );
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#changing.catch(() => {});
    await this.#scanner[Symbol.asyncDispose]();
    await this.#syncer[Symbol.asyncDispose]();
    this.#index[Symbol.dispose]();
  }
}
