import type { LibraryIndex } from '../index/library-index.ts';
import type { IndexChange } from '../index/rows.ts';

/** A new film is in the catalog this long after it was read, and a fast scan still writes in great batches. */
const FLUSH_AFTER_MS = 250;
const FLUSH_ROWS = 200;

/** Collects what a scan finds and writes it in transactions. */
export class BatchWriter implements AsyncDisposable {
  readonly #index: LibraryIndex;
  readonly #onWritten: () => void;
  #changes: IndexChange[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(index: LibraryIndex, onWritten: () => void) {
    this.#index = index;
    this.#onWritten = onWritten;
  }

  add(change: IndexChange): void {
    this.#changes.push(change);
    if (this.#changes.length >= FLUSH_ROWS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#changes.length === 0) return;
    const changes = this.#changes;
    this.#changes = [];
    this.#index.write(changes);
    this.#onWritten();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.flush();
  }
}
