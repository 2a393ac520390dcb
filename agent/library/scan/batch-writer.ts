import type { LibraryIndex } from '../index/library-index.ts';
import type { FolderState, IndexChange } from '../index/rows.ts';

/** A new film is in the catalog this long after it was read, and a fast scan still writes in great batches. */
const FLUSH_AFTER_MS = 250;
const FLUSH_ROWS = 200;

/** Collects what a scan of one root finds and writes it in transactions, in its order. */
export class BatchWriter implements AsyncDisposable {
  readonly #index: LibraryIndex;
  readonly #root: string;
  readonly #onWritten: () => void;
  #changes: IndexChange[] = [];
  #folders: FolderState[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(index: LibraryIndex, root: string, onWritten: () => void) {
    this.#index = index;
    this.#root = root;
    this.#onWritten = onWritten;
  }

  add(change: IndexChange): void {
    this.#changes.push(change);
    this.#due();
  }

  /** Written no earlier than the changes before it: a folder is through when its films are. */
  addFolder(folder: FolderState): void {
    this.#folders.push(folder);
    this.#due();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [changes, folders] = [this.#changes, this.#folders];
    this.#changes = [];
    this.#folders = [];
    this.#index.write(this.#root, changes, folders);
    if (changes.length > 0) this.#onWritten();
  }

  #due(): void {
    if (this.#changes.length + this.#folders.length >= FLUSH_ROWS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.flush();
  }
}
