import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { LibraryIndex } from '../index/library-index.ts';
import type { FileState, KnownFile, Surroundings } from '../index/rows.ts';
import { PASSING } from '../problems.ts';
import type { Content } from '../reader/content.ts';
import type { Reader } from '../reader/reader.ts';
import { openThreadReader } from '../reader/thread-reader.ts';
import type { Root } from '../roots.ts';
import { BatchWriter } from './batch-writer.ts';
import { isVideoName } from './file-kinds.ts';
import type { ChangedFolder, FoundProblem, FoundVideo, UnreadableFolder } from './folder.ts';
import { forgetMissing } from './forget-missing.ts';
import { changeOf } from './known-file.ts';
import { OpenFolders } from './open-folders.ts';
import type { ProgressReporter } from './progress.ts';
import { readFile } from './read-file.ts';
import { surroundingsOf } from './surroundings.ts';

/** ffprobes side by side: more only makes a spinning disk seek. */
const PROBES_AT_ONCE = 3;

/** Films that wait for the reading thread at once, so that it need not wait for this one. */
const READS_AT_ONCE = 32;

/** How far the walk may run ahead of the reading; beyond it the walk waits, so memory stays flat. */
const MAX_WAITING = 256;

/** Contents with several names that are remembered during a scan. */
const MAX_LINKED = 1000;

/** A file is read when it has not changed for this long: a half-written one would look like another film. */
export const STILL_MS = 2000;

/** This thread also relays bytes: a scan gives it back after so long. */
const MAX_TURN_MS = 8;

/** Raised when names, sidecars or neighbours are read in another way: every folder is then looked at again. */
const READING_EDITION = 3;

export interface ScanContext {
  root: Root;
  index: LibraryIndex;
  ffprobe: string;
  progress: ProgressReporter;
  /** Called after each write, so that the edge learns of it during the scan. */
  onWritten: () => void;
  /** Deletions of any size are meant. */
  acceptDeletions: boolean;
  signal: AbortSignal;
  openReader?: () => Reader;
}

export interface ScanOutcome {
  state: 'done' | 'outage';
  /** Files that were still being written: they want another look soon. */
  postponed: number;
  /** Files that are gone and wait for a person or a day before they are forgotten. */
  held: number;
  probed: number;
  /** Folders that had changed, or were never gone through to their end. */
  looked: number;
  removed: number;
  /** Every folder was read to its end: what the index does not have now is not there. */
  whole: boolean;
  /** Folders that were listed, below the root. */
  folders: ReadonlySet<string>;
}

/** Brings the index up to date with one root. Rejects when the root itself cannot be listed or the signal aborts. */
export async function scanRoot(context: ScanContext): Promise<ScanOutcome> {
  await using scan = new RootScan(context);
  return await scan.run();
}

class RootScan implements AsyncDisposable {
  readonly #context: ScanContext;
  readonly #reader: Reader;
  readonly #writer: BatchWriter;
  readonly #open: OpenFolders;
  readonly #reads = new PQueue({ concurrency: READS_AT_ONCE });
  readonly #probes = new PQueue({ concurrency: PROBES_AT_ONCE });
  readonly #linked = new Map<string, Promise<Content>>();
  readonly #visited = new Set<string>();
  readonly #unreadable: string[] = [];
  /** What the index has and the disk does not seem to have. */
  readonly #missing = new Set<string>();
  readonly #known: number;
  #failure: unknown = null;
  #turnSince = performance.now();
  #found = 0;
  #done = 0;
  #problems = 0;
  #postponed = 0;
  #probed = 0;
  #looked = 0;

  constructor(context: ScanContext) {
    const { index, root, onWritten } = context;
    this.#context = context;
    this.#reader = (context.openReader ?? openThreadReader)();
    const writer = new BatchWriter(index, root.id, onWritten);
    this.#writer = writer;
    // A disk that does not answer holds the thread: whoever stops the scan does not wait for it.
    context.signal.addEventListener('abort', () => void this.#reader[Symbol.asyncDispose](), { once: true });
    this.#open = new OpenFolders((folder) => writer.addFolder(folder));
    const { present, problems } = index.counts(root.id);
    this.#known = present + problems;
  }

  async run(): Promise<ScanOutcome> {
    const { root, index, progress, signal } = this.#context;
    const { path, followLinks, library, name } = root;
    const salt = JSON.stringify([READING_EDITION, library, name, followLinks]);
    for await (const folder of this.#reader.walk({ path, followLinks, salt, known: index.signatures(root.id) })) {
      signal.throwIfAborted();
      if (folder.state === 'unchanged') {
        this.#visited.add(folder.dir);
        this.#found += folder.videos;
        this.#done += folder.videos;
      } else if (folder.state === 'unreadable') this.#cannotRead(folder);
      else await this.#changed(folder);
      progress.update({ done: this.#done, problems: this.#problems });
      await this.#giveTurn();
      this.#throwIfFailed();
    }
    progress.count({ read: this.#probed });
    progress.update({ phase: 'probing', total: this.#found });
    await this.#reads.onIdle();
    this.#throwIfFailed();
    this.#writer.flush();
    return await this.#forget();
  }

  #cannotRead({ dir, folders, problem }: UnreadableFolder): void {
    // It is listed among its parent's files, and gone from there once it can be read again.
    const parent = folders.slice(0, -1).join('/');
    this.#unreadable.push(dir);
    this.#open.again(parent);
    this.#problem(parent, problem, this.#context.index.file(this.#context.root.id, problem.pathHash) ?? undefined);
  }

  async #changed(folder: ChangedFolder): Promise<void> {
    const { root, index } = this.#context;
    const { dir, problems } = folder;
    const videos = [...folder.videos, ...folder.extras];
    const stored = new Map(index.filesIn(root.id, dir).map((row) => [row.path_hash, row]));
    this.#looked++;
    this.#open.begin(dir, folder.signature);
    this.#visited.add(dir);
    this.#found += videos.length;
    const listed = new Set([...problems, ...folder.videos].map(({ pathHash }) => pathHash));
    // Below a folder of extras that could not be read nothing is taken for gone.
    const unread = problems.filter(({ code, path }) => code === 'unreadable' && !isVideoName(path));
    this.#unreadable.push(...unread.map(({ path }) => path));
    for (const problem of problems) {
      if (PASSING.has(problem.code)) this.#open.again(dir);
      this.#problem(dir, problem, stored.get(problem.pathHash));
    }
    const onProblem = (_: unknown, problem: FoundProblem) => {
      if (!listed.has(problem.pathHash)) this.#problem(dir, problem, stored.get(problem.pathHash));
      listed.add(problem.pathHash);
    };
    let next = 0;
    for await (const surroundings of surroundingsOf(folder, { root, index, reader: this.#reader, onProblem })) {
      const video = videos[next++] as FoundVideo;
      if (surroundings) {
        listed.add(video.pathHash);
        this.#video(dir, video, surroundings, stored.get(video.pathHash));
      } else this.#found--;
      await this.#reads.onSizeLessThan(MAX_WAITING);
      await this.#giveTurn();
      this.#throwIfFailed();
    }
    for (const [hash, row] of stored) {
      if (row.gone || listed.has(hash) || unread.some(({ path }) => row.path.startsWith(`${path}/`))) continue;
      this.#missing.add(hash);
      this.#open.again(dir);
    }
    this.#open.listed(dir);
  }

  #problem(dir: string, { path, pathHash, code, detail }: FoundProblem, row: KnownFile | undefined): void {
    this.#problems++;
    this.#missing.delete(pathHash);
    if (row && !row.gone && row.problem === code && row.detail === detail) return;
    // A film that is known stays, when it is only its disk that fails now.
    if (row && !row.gone && row.problem === null && code === 'unreadable') return;
    const state = { root: this.#context.root.id, pathHash, dir, path, size: 0, mtimeMs: 0 };
    this.#writer.add({ ...state, state: 'problem', code, detail });
  }

  #video(dir: string, video: FoundVideo, surroundings: Surroundings, row: KnownFile | undefined): void {
    const { pathHash, path, size, mtimeMs, link } = video;
    const file: FileState = { root: this.#context.root.id, pathHash, dir, path, size, mtimeMs };
    const same = row && row.size === size && row.mtime_ms === mtimeMs && !PASSING.has(row.problem ?? '');
    if (same) {
      const change = changeOf(file, surroundings, row, this.#context.index);
      if (change) this.#writer.add(change);
      this.#through(row.problem !== null);
      return;
    }
    const age = Date.now() - mtimeMs;
    if (age >= 0 && age < STILL_MS) {
      this.#postponed++;
      this.#open.again(dir);
      this.#through(false);
      return;
    }
    this.#open.reading(dir);
    void this.#reads.add(() => this.#read(file, link, surroundings)).catch((error: unknown) => this.#fail(error));
  }

  async #read(file: FileState, link: string | null, surroundings: Surroundings): Promise<void> {
    if (this.#failure) return;
    const { root, ffprobe, index, signal } = this.#context;
    signal.throwIfAborted();
    this.#probed++;
    const change = await readFile(join(root.path, file.path), file, surroundings, {
      ...{ index, ffprobe, signal },
      content: (path, size) => (link === null ? this.#reader.content(path, size) : this.#once(link, path, size)),
      probed: (work) => this.#probes.add(work),
    });
    if (change) this.#writer.add(change);
    const again = !change || (change.state === 'problem' && change.code === 'vanished');
    if (again) this.#postponed++;
    if (again || (change.state === 'problem' && PASSING.has(change.code))) this.#open.again(file.dir);
    this.#through(change?.state === 'problem');
    this.#open.read(file.dir);
  }

  /** A content with several names is read under the first that comes. */
  #once(link: string, path: string, size: number): Promise<Content> {
    const known = this.#linked.get(link);
    if (known) return known;
    const reading = this.#reader.content(path, size);
    this.#linked.set(link, reading);
    const [oldest] = this.#linked.keys();
    if (this.#linked.size > MAX_LINKED && oldest !== undefined) this.#linked.delete(oldest);
    return reading;
  }

  #through(problem: boolean): void {
    this.#done++;
    if (problem) this.#problems++;
    this.#context.progress.count({ read: this.#probed });
    this.#context.progress.update({ done: this.#done, problems: this.#problems });
  }

  async #forget(): Promise<ScanOutcome> {
    const { root, index, acceptDeletions, onWritten } = this.#context;
    const { decision, held, removed } = await forgetMissing(
      { index, root: root.id, visited: this.#visited, unreadable: this.#unreadable, missing: this.#missing },
      { known: this.#known, found: this.#found, accepted: acceptDeletions },
    );
    if (removed > 0) onWritten();
    return {
      state: decision === 'outage' ? 'outage' : 'done',
      ...{ postponed: this.#postponed, probed: this.#probed, looked: this.#looked, held, removed },
      folders: this.#visited,
      whole: this.#unreadable.length === 0 && this.#postponed === 0 && decision === 'delete',
    };
  }

  async #giveTurn(): Promise<void> {
    if (performance.now() - this.#turnSince < MAX_TURN_MS) return;
    await nextTurn();
    this.#turnSince = performance.now();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#reads.clear();
    this.#probes.clear();
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reads.clear();
    // What waits for the thread is told that it ends.
    await this.#reader[Symbol.asyncDispose]();
    await this.#reads.onIdle();
    await this.#writer[Symbol.asyncDispose]();
  }
}
