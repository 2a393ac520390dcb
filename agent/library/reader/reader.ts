import type { Folder } from '../scan/folder.ts';
import type { WalkOptions } from '../scan/walk.ts';
import type { SaidSidecar } from '../sidecar/sidecar.ts';
import type { Content } from './content.ts';

/** Reads one device, one thing at a time, without holding up this thread. Rejects with the file system's errors. */
export interface Reader extends AsyncDisposable {
  /** Folders in their order, no faster than they are taken. */
  walk(options: WalkOptions): AsyncIterable<Folder>;
  content(path: string, size: number): Promise<Content>;
  picture(path: string): Promise<string>;
  sidecar(path: string): Promise<SaidSidecar>;
}
