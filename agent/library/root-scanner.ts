import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RootInfo } from '../../shared/protocol/capabilities.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import type { ScanTrigger } from '../../shared/protocol/scans.ts';
import type { LibraryIndex } from './index/library-index.ts';
import { lookAt, type RootState, sentenceOf, stateOf } from './root-state.ts';
import type { Root } from './roots.ts';
import { errorCodeOf } from './scan/file-system.ts';
import { ProgressReporter } from './scan/progress.ts';
import { type ScanOutcome, STILL_MS, scanRoot } from './scan/scan-root.ts';
import { type ScanOptions, type ScanOrder, scanOrder } from './scan-order.ts';
import { ScanQueue } from './scan-queue.ts';
import { FolderWatch } from './watch/folder-watch.ts';

/** Whatever watching missed is seen after this long, where the owner says nothing else. */
export const RESCAN_MS = 60 * 60_000;

/** How often each root is looked at from outside, to see a disk come and go. */
const ROOT_CHECK_MS = 10_000;

const EMPTIED =
  'Nothing is left in PATH, where films were: is its disk mounted? Nothing was removed. If you emptied it, run "hearthcast-agent scan --accept-deletions".';
const HELD =
  'COUNT files are missing. They stay in the library for a day; if you deleted them, run "hearthcast-agent scan --accept-deletions".';

/** How long a scan shows as "syncing" at most: an edge that is slow does not keep it from ending. */
const SETTLE_MS = 60_000;

export interface RootScannerOptions {
  roots: readonly Root[];
  index: LibraryIndex;
  ffprobe: string | null;
  log: Logger;
  onEvent(event: AgentEvent): void;
  onWritten(): void;
  /** Resolves when the edge has everything, or at once when there is no edge. */
  settle(): Promise<void>;
  /** All that the edge holds is compared with the index, in the background. */
  compare(): void;
  /** Whether there is an edge that lacks something. */
  syncing(): boolean;
  rescanMs: number;
  signal: AbortSignal;
}

/** Decides when which root is scanned, and tells what came of it. */
export class RootScanner implements AsyncDisposable {
  readonly #options: RootScannerOptions;
  readonly #states = new Map<string, RootState>();
  readonly #watches = new Map<string, FolderWatch>();
  readonly #queue: ScanQueue;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** When each root is looked at again, by its id. */
  readonly #rescans = new Map<string, NodeJS.Timeout>();
  readonly #looking = new Set<string>();

  constructor(options: RootScannerOptions) {
    this.#options = options;
    const { roots, signal } = options;
    this.#queue = new ScanQueue({ roots, signal, scan: (root, order, stop) => this.#scan(root, order, stop) });
  }

  /** Scans everything now and keeps it true from then on. */
  start(): void {
    for (const { id, path } of this.#options.roots) {
      this.#watches.set(id, new FolderWatch(path, () => this.request(id, 'change')));
      this.request(id, 'start');
    }
    this.rescan({});
    const look = () => {
      for (const root of this.#options.roots) void this.#look(root);
    };
    this.#timers.add(setInterval(look, ROOT_CHECK_MS));
  }

  /** Looks at these roots again after so many minutes, at the others after the time that the owner of the machine said. */
  rescan(minutes: Readonly<Record<string, number>>): void {
    if (this.#watches.size === 0) return;
    for (const timer of this.#rescans.values()) clearInterval(timer);
    for (const { id } of this.#options.roots) {
      const own = minutes[id];
      const ms = own === undefined ? this.#options.rescanMs : own * 60_000;
      this.#rescans.set(
        id,
        setInterval(() => this.request(id, 'timer'), ms),
      );
    }
  }

  stateOf(id: string): RootState {
    return this.#states.get(id) ?? 'offline';
  }

  setState(root: Root, state: RootState): void {
    if (this.#states.get(root.id) === state) return;
    this.#states.set(root.id, state);
    if (state !== 'ok') this.#options.log.warn({ root: root.path }, sentenceOf(state, root.path));
    this.#options.onEvent({ kind: 'roots', roots: this.infos() });
  }

  /** All roots as the edge is told of them. */
  infos(): RootInfo[] {
    return this.#options.roots.map(({ id, name, library }) => {
      return { id, name, library, state: this.stateOf(id), watch: this.watchOf(id) };
    });
  }

  /** How changes in a root are seen. */
  watchOf(id: string): NonNullable<RootInfo['watch']> {
    return this.#watches.get(id)?.health ?? 'polling';
  }

  #follow(root: Root, folders: ReadonlySet<string>, tookMs: number): void {
    const watch = this.#watches.get(root.id);
    const before = watch?.health;
    watch?.follow(folders, tookMs);
    if (watch?.health !== before) this.#options.onEvent({ kind: 'roots', roots: this.infos() });
  }

  isBusy(id: string): boolean {
    return this.#queue.isBusy(id);
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Scans a root when its disk is free; answers the run that will do it. */
  request(id: string, trigger: ScanTrigger, options: Partial<ScanOptions> = {}): string {
    return this.#queue.request(id, scanOrder(trigger, options)).run;
  }

  stop(id: string): boolean {
    return this.#queue.stop(id);
  }

  async #scan(root: Root, order: ScanOrder, signal: AbortSignal): Promise<void> {
    const { index, ffprobe, log, onEvent, onWritten, compare } = this.#options;
    const { acceptDeletions, full } = order;
    using progress = new ProgressReporter(root.id, order, onEvent);
    const startedAt = Date.now();
    progress.update({ phase: 'walking' });
    if (!ffprobe) {
      progress.end('failed', 'Nothing new can be read without ffmpeg: install it and start the agent again.');
      return;
    }
    try {
      if (full) index.forgetFolders(root.id);
      const outcome = await scanRoot({ root, index, ffprobe, progress, onWritten, acceptDeletions, signal });
      this.#follow(root, outcome.folders, Date.now() - startedAt);
      await this.#conclude(root, outcome, progress, signal);
      if (full) compare();
      const { folders, ...counts } = outcome;
      log.info({ root: root.path, ...counts, folders: folders.size, tookMs: Date.now() - startedAt }, 'scanned');
    } catch (error) {
      if (this.#options.signal.aborted) return;
      if (signal.aborted) return progress.end('stopped', 'Stopped. What was read is kept; the next scan goes on.');
      const failed = errorCodeOf(error) !== null;
      if (failed) this.setState(root, stateOf(error));
      else log.error({ err: error, root: root.path }, 'The scan failed.');
      progress.end('failed', failed ? sentenceOf(stateOf(error), root.path) : `The scan failed: ${String(error)}`);
    }
  }

  async #conclude(root: Root, outcome: ScanOutcome, progress: ProgressReporter, signal: AbortSignal): Promise<void> {
    const { index, settle, syncing, onWritten } = this.#options;
    const { state, whole, postponed, held, removed, probed } = outcome;
    progress.count({ read: probed, removed, held });
    if (state === 'outage') {
      this.setState(root, 'offline');
      return progress.end('failed', EMPTIED.replace('PATH', root.path));
    }
    this.setState(root, 'ok');
    if (whole) index.setMeta(`whole:${root.id}`, String(Date.now()));
    if (postponed > 0) this.#later(() => this.request(root.id, 'change'), STILL_MS + 500);
    onWritten();
    if (syncing()) {
      progress.update({ phase: 'syncing' });
      const late = sleep(SETTLE_MS, undefined, { signal, ref: false }).catch(() => {});
      await Promise.race([settle(), late]);
    }
    progress.end('done', held > 0 ? HELD.replace('COUNT', String(held)) : null);
  }

  /** A disk that came back is scanned, one that left is noticed. */
  async #look(root: Root): Promise<void> {
    if (this.#looking.has(root.id) || this.isBusy(root.id)) return;
    this.#looking.add(root.id);
    const { state, empty } = await lookAt(root.path);
    this.#looking.delete(root.id);
    const { present } = this.#options.index.counts(root.id);
    const seems = state === 'ok' && empty && present > 0 ? 'offline' : state;
    if (seems !== this.stateOf(root.id)) this.request(root.id, 'change');
  }

  #later(work: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of [...this.#timers, ...this.#rescans.values()]) clearTimeout(timer);
    for (const watch of this.#watches.values()) watch[Symbol.dispose]();
    await this.#queue[Symbol.asyncDispose]();
  }
}
