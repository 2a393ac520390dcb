import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { RootInfo } from '../../shared/protocol/capabilities.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import type { LibraryIndex } from './index/library-index.ts';
import { lookAt, type RootState, sentenceOf, stateOf } from './root-state.ts';
import type { Root } from './roots.ts';
import { errorCodeOf } from './scan/file-system.ts';
import { ProgressReporter } from './scan/progress.ts';
import { type ScanOutcome, STILL_MS, scanRoot } from './scan/scan-root.ts';
import { FolderWatch } from './watch/folder-watch.ts';

/** Whatever watching missed is seen after this long, where the owner says nothing else. */
export const RESCAN_MS = 60 * 60_000;

/** How often each root is looked at from outside, to see a disk come and go. */
const ROOT_CHECK_MS = 10_000;

/** How long a scan shows as "syncing" at most: an edge that is slow does not keep it from ending. */
const SETTLE_MS = 60_000;

/** What a person wants of a scan beyond the usual. */
export interface ScanOptions {
  /** Deletions of any size are meant. */
  acceptDeletions: boolean;
  /** Every folder is looked into, also those that seem unchanged. */
  full: boolean;
}

const USUAL: ScanOptions = { acceptDeletions: false, full: false };

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

/** Decides when which root is scanned, one after another, and tells what came of it. */
export class RootScanner implements AsyncDisposable {
  readonly #options: RootScannerOptions;
  readonly #states = new Map<string, RootState>();
  readonly #watches = new Map<string, FolderWatch>();
  readonly #waiting = new Map<string, ScanOptions>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #looking = new Set<string>();
  #current: string | null = null;
  #running: Promise<void> | null = null;

  constructor(options: RootScannerOptions) {
    this.#options = options;
  }

  /** Scans everything now and keeps it true from then on. */
  start(): void {
    for (const root of this.#options.roots) {
      this.#watches.set(root.id, new FolderWatch(root.path, () => this.request(root.id, USUAL)));
      this.request(root.id, USUAL);
    }
    this.#timers.add(this.#everyRoot(this.#options.rescanMs, ({ id }) => this.request(id, USUAL)));
    this.#timers.add(this.#everyRoot(ROOT_CHECK_MS, (root) => void this.#look(root)));
  }

  #everyRoot(ms: number, work: (root: Root) => void): NodeJS.Timeout {
    return setInterval(() => {
      for (const root of this.#options.roots) work(root);
    }, ms);
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
    return this.#current === id || this.#waiting.has(id);
  }

  idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  request(id: string, { acceptDeletions, full }: ScanOptions): void {
    if (this.#options.signal.aborted) return;
    const waiting = this.#waiting.get(id) ?? USUAL;
    const wanted = { acceptDeletions: acceptDeletions || waiting.acceptDeletions, full: full || waiting.full };
    this.#waiting.set(id, wanted);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  async #run(): Promise<void> {
    // The caller goes on first, so that a scan never begins inside somebody's constructor.
    await Promise.resolve();
    for (let next = this.#next(); next; next = this.#next()) {
      const [root, options] = next;
      this.#current = root.id;
      await this.#scan(root, options);
      this.#current = null;
      if (this.#options.signal.aborted) return;
    }
  }

  #next(): [Root, ScanOptions] | null {
    for (const [id, request] of this.#waiting) {
      this.#waiting.delete(id);
      const root = this.#options.roots.find((candidate) => candidate.id === id);
      if (root) return [root, request];
    }
    return null;
  }

  async #scan(root: Root, { acceptDeletions, full }: ScanOptions): Promise<void> {
    const { index, ffprobe, log, onEvent, onWritten, compare, signal } = this.#options;
    using progress = new ProgressReporter(root.id, onEvent);
    const startedAt = Date.now();
    progress.update({ phase: 'walking' });
    if (!ffprobe) {
      progress.update({
        phase: 'failed',
        message: 'Nothing new can be read without ffmpeg: install it and start the agent again.',
      });
      return;
    }
    try {
      if (full) index.forgetFolders(root.id);
      const outcome = await scanRoot({ root, index, ffprobe, progress, onWritten, acceptDeletions, signal });
      this.#follow(root, outcome.folders, Date.now() - startedAt);
      await this.#conclude(root, outcome, progress);
      if (full) compare();
      log.info(
        { root: root.path, ...outcome, folders: outcome.folders.size, tookMs: Date.now() - startedAt },
        'scanned',
      );
    } catch (error) {
      if (signal.aborted) return;
      const failed = errorCodeOf(error) !== null;
      if (failed) this.setState(root, stateOf(error));
      else log.error({ err: error, root: root.path }, 'The scan failed.');
      const message = failed ? sentenceOf(stateOf(error), root.path) : `The scan failed: ${String(error)}`;
      progress.update({ phase: 'failed', message: message.slice(0, 500) });
    }
  }

  async #conclude(root: Root, outcome: ScanOutcome, progress: ProgressReporter): Promise<void> {
    const { index, settle, syncing, onWritten, signal } = this.#options;
    if (outcome.state === 'outage') {
      this.setState(root, 'offline');
      const message = `Nothing is left in ${root.path}, where films were: is its disk mounted? Nothing was removed. If you emptied it, run "hearthcast-agent scan --accept-deletions".`;
      progress.update({ phase: 'failed', message: message.slice(0, 500) });
      return;
    }
    this.setState(root, 'ok');
    if (outcome.whole) index.setMeta(`whole:${root.id}`, String(Date.now()));
    if (outcome.postponed > 0) this.#later(() => this.request(root.id, USUAL), STILL_MS + 500);
    onWritten();
    if (syncing()) {
      progress.update({ phase: 'syncing' });
      const late = sleep(SETTLE_MS, undefined, { signal, ref: false }).catch(() => {});
      await Promise.race([settle(), late]);
    }
    const held = `${outcome.held} files are missing. They stay in the library for a day; if you deleted them, run "hearthcast-agent scan --accept-deletions".`;
    progress.update({ phase: 'done', message: outcome.held > 0 ? held : null });
  }

  /** A disk that came back is scanned, one that left is noticed. */
  async #look(root: Root): Promise<void> {
    if (this.#looking.has(root.id) || this.isBusy(root.id)) return;
    this.#looking.add(root.id);
    const { state, empty } = await lookAt(root.path);
    this.#looking.delete(root.id);
    const { present } = this.#options.index.counts(root.id);
    const seems = state === 'ok' && empty && present > 0 ? 'offline' : state;
    if (seems !== this.stateOf(root.id)) this.request(root.id, USUAL);
  }

  #later(work: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const watch of this.#watches.values()) watch[Symbol.dispose]();
    this.#waiting.clear();
    await this.#running;
  }
}
