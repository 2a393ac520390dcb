import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Artwork } from '../../../shared/protocol/sync.ts';
import { type LibraryIndex, MAX_TRANSACTION_ROWS } from '../index/library-index.ts';
import type { FileState, IndexChange, KnownFile, Surroundings } from '../index/rows.ts';
import { PASSING } from '../problems.ts';
import type { Root } from '../roots.ts';
import { BatchWriter } from './batch-writer.ts';
import { decideDeletion } from './deletions.ts';
import { DISK, type FileSystem } from './file-system.ts';
import type { ProgressReporter } from './progress.ts';
import { readFile } from './read-file.ts';
import { surroundingsOf } from './surroundings.ts';
import { type Folder, type FoundFile, walk } from './walk.ts';

/** Files read side by side: more only makes a spinning disk seek. */
const PROBES_AT_ONCE = 3;

/** How far the walk may run ahead of the probes; beyond it the walk waits, so memory stays flat. */
const MAX_WAITING = 256;

/** A file is read when it has not changed for this long: a half-written one would look like another film. */
export const STILL_MS = 2000;

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
  disk?: FileSystem;
}

export interface ScanOutcome {
  state: 'done' | 'outage';
  /** Files that were still being written: they want another look soon. */
  postponed: number;
  /** Files that are gone and wait for a person or a day before they are forgotten. */
  held: number;
  probed: number;
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
  readonly #disk: FileSystem;
  readonly #writer: BatchWriter;
  readonly #queue = new PQueue({ concurrency: PROBES_AT_ONCE });
  readonly #visited = new Set<string>();
  readonly #unreadable: string[] = [];
  /** What the index has and the disk does not seem to have. */
  readonly #missing = new Set<string>();
  readonly #known: number;
  #failure: unknown = null;
  #found = 0;
  #done = 0;
  #problems = 0;
  #postponed = 0;
  #probed = 0;

  constructor(context: ScanContext) {
    this.#context = context;
    this.#disk = context.disk ?? DISK;
    this.#writer = new BatchWriter(context.index, context.onWritten);
    const { present, problems } = context.index.counts(context.root.id);
    this.#known = present + problems;
  }

  async run(): Promise<ScanOutcome> {
    const { root, progress, signal } = this.#context;
    const picturesAt = new Map<number, FoundFile[]>();
    for await (const folder of walk({ path: root.path, followLinks: root.followLinks, disk: this.#disk, signal })) {
      const depth = folder.folders.length;
      picturesAt.set(depth, folder.pictures);
      await this.#folder(folder, picturesAt.get(depth - 1) ?? []);
      await this.#queue.onSizeLessThan(MAX_WAITING);
      this.#throwIfFailed();
    }
    progress.update({ phase: 'probing', total: this.#found });
    await this.#queue.onIdle();
    this.#throwIfFailed();
    this.#writer.flush();
    return await this.#forget();
  }

  async #folder(folder: Folder, above: readonly FoundFile[]): Promise<void> {
    const { root, index, progress } = this.#context;
    const stored = new Map(index.filesIn(root.id, folder.dir).map((row) => [row.path_hash, row]));
    for (const problem of folder.problems) this.#problem(folder, problem, stored.get(problem.pathHash));
    if (folder.unreadable) {
      this.#unreadable.push(folder.dir);
      return;
    }
    this.#visited.add(folder.dir);
    this.#found += folder.videos.length;
    const surroundings = await surroundingsOf(root, folder, above, index);
    const listed = new Set(folder.problems.map((problem) => problem.pathHash));
    for (const [i, video] of folder.videos.entries()) {
      listed.add(video.pathHash);
      this.#video(folder.dir, video, surroundings[i] as Surroundings, stored.get(video.pathHash));
    }
    for (const [hash, row] of stored) if (!row.gone && !listed.has(hash)) this.#missing.add(hash);
    progress.update({ done: this.#done, problems: this.#problems });
  }

  #problem(folder: Folder, problem: Folder['problems'][number], row: KnownFile | undefined): void {
    const { path, pathHash, code, detail } = problem;
    // An unreadable folder is listed among its parent's files.
    const dir = folder.unreadable ? folder.folders.slice(0, -1).join('/') : folder.dir;
    const before = folder.unreadable ? (this.#context.index.file(this.#context.root.id, pathHash) ?? undefined) : row;
    this.#problems++;
    this.#missing.delete(pathHash);
    if (before && !before.gone && before.problem === code && before.detail === detail) return;
    // A film that is known stays, when it is only its disk that fails now.
    if (before && !before.gone && before.problem === null && code === 'unreadable') return;
    const state = { root: this.#context.root.id, pathHash, dir, path, size: 0, mtimeMs: 0 };
    this.#writer.add({ ...state, state: 'problem', code, detail });
  }

  #video(dir: string, video: FoundFile, surroundings: Surroundings, row: KnownFile | undefined): void {
    const { pathHash, path, size, mtimeMs } = video;
    const file: FileState = { root: this.#context.root.id, pathHash, dir, path, size, mtimeMs };
    const same = row && row.size === size && row.mtime_ms === mtimeMs && !PASSING.has(row.problem ?? '');
    if (same) {
      const change = this.#changeOf(file, surroundings, row);
      if (change) this.#writer.add(change);
      this.#through(row.problem !== null);
      return;
    }
    const age = Date.now() - mtimeMs;
    if (age >= 0 && age < STILL_MS) {
      this.#postponed++;
      this.#through(false);
      return;
    }
    void this.#queue.add(() => this.#read(file, surroundings)).catch((error: unknown) => this.#fail(error));
  }

  async #read(file: FileState, surroundings: Surroundings): Promise<void> {
    if (this.#failure) return;
    const { root, ffprobe, index, signal } = this.#context;
    signal.throwIfAborted();
    this.#probed++;
    const path = join(root.path, file.path);
    const change = await readFile(path, file, surroundings, { ffprobe, index, disk: this.#disk }, signal);
    if (change) this.#writer.add(change);
    const again = !change || (change.state === 'problem' && change.code === 'vanished');
    if (again) this.#postponed++;
    this.#through(change?.state === 'problem');
  }

  #through(problem: boolean): void {
    this.#done++;
    if (problem) this.#problems++;
    this.#context.progress.update({ done: this.#done, problems: this.#problems });
  }

  /** Files that are not there any more, as far as that can be believed. */
  async #forget(): Promise<ScanOutcome> {
    const { root, index, acceptDeletions } = this.#context;
    for (const dir of index.folders(root.id)) {
      if (this.#visited.has(dir) || this.#unreadable.some((path) => dir === path || dir.startsWith(`${path}/`)))
        continue;
      for (const row of index.filesIn(root.id, dir)) if (!row.gone) this.#missing.add(row.path_hash);
    }
    const holdKey = `hold:${root.id}`;
    const held = index.meta(holdKey);
    const decision = decideDeletion(
      {
        missing: this.#missing.size,
        known: this.#known,
        found: this.#found,
        heldSince: held === null ? null : Number(held),
        accepted: acceptDeletions,
      },
      Date.now(),
    );
    const outcome = {
      ...{ postponed: this.#postponed, probed: this.#probed, held: 0, removed: 0, folders: this.#visited },
      whole: this.#unreadable.length === 0 && this.#postponed === 0 && decision === 'delete',
    };
    if (decision === 'outage') return { state: 'outage', ...outcome };
    if (decision === 'hold') {
      if (held === null) index.setMeta(holdKey, String(Date.now()));
      return { state: 'done', ...outcome, held: this.#missing.size };
    }
    if (held !== null) index.setMeta(holdKey, null);
    const hashes = [...this.#missing];
    for (let i = 0; i < hashes.length; i += MAX_TRANSACTION_ROWS) {
      index.markGone(root.id, hashes.slice(i, i + MAX_TRANSACTION_ROWS));
      await sleep(0);
    }
    if (hashes.length > 0) this.#context.onWritten();
    return { state: 'done', ...outcome, removed: hashes.length };
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#queue.clear();
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue.clear();
    await this.#queue.onIdle();
    await this.#writer[Symbol.asyncDispose]();
  }

  /** What to write about a file whose content is known: it came back, or its name or neighbours say something new. */
  #changeOf(file: FileState, surroundings: Surroundings, row: KnownFile): IndexChange | null {
    if (row.problem !== null) {
      if (!row.gone) return null;
      return { ...file, state: 'problem', code: row.problem as never, detail: row.detail ?? '' };
    }
    const { thumb, fingerprint } = row;
    const artwork: Artwork =
      thumb && !surroundings.artwork.thumb ? { ...surroundings.artwork, thumb } : surroundings.artwork;
    const now = { ...surroundings, artwork };
    const unchanged =
      !row.gone &&
      JSON.stringify(now.work) === row.work &&
      JSON.stringify(now.artwork) === row.artwork &&
      JSON.stringify(now.subtitles) === row.subtitles;
    if (unchanged) return null;
    const media = this.#context.index.mediaOf(fingerprint as string);
    if (!media) return null;
    return {
      ...file,
      ...now,
      state: 'present',
      fingerprint: fingerprint as string,
      media,
      thumb,
    };
  }
}
