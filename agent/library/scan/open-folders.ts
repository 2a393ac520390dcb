import type { FolderState } from '../index/rows.ts';

interface OpenFolder {
  signature: string;
  /** Films that are still being read. */
  pending: number;
  /** Something in it wants another look at the next scan. */
  again: boolean;
  listed: boolean;
}

/** Follows the folders of a scan until nothing is left to do in them. */
export class OpenFolders {
  readonly #open = new Map<string, OpenFolder>();
  readonly #onThrough: (folder: FolderState) => void;

  constructor(onThrough: (folder: FolderState) => void) {
    this.#onThrough = onThrough;
  }

  begin(dir: string, signature: string): void {
    this.#open.set(dir, { signature, pending: 0, again: false, listed: false });
  }

  reading(dir: string): void {
    const folder = this.#open.get(dir);
    if (folder) folder.pending++;
  }

  read(dir: string): void {
    const folder = this.#open.get(dir);
    if (folder) folder.pending--;
    this.#close(dir, folder);
  }

  /** All of its films were looked at; some may still be read. */
  listed(dir: string): void {
    const folder = this.#open.get(dir);
    if (folder) folder.listed = true;
    this.#close(dir, folder);
  }

  /** The next scan is to look at it again, whatever its signature; also when it is through already. */
  again(dir: string): void {
    const folder = this.#open.get(dir);
    if (folder) folder.again = true;
    else this.#onThrough({ dir, signature: null });
  }

  #close(dir: string, folder: OpenFolder | undefined): void {
    if (!folder?.listed || folder.pending > 0) return;
    this.#open.delete(dir);
    this.#onThrough({ dir, signature: folder.again ? null : folder.signature });
  }
}
