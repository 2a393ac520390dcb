import { LibraryIndex } from '../../agent/library/index/library-index.ts';
import { readContent, readPicture } from '../../agent/library/reader/content.ts';
import type { Reader } from '../../agent/library/reader/reader.ts';
import { openThreadReader } from '../../agent/library/reader/thread-reader.ts';
import type { Root } from '../../agent/library/roots.ts';
import type { FileSystem } from '../../agent/library/scan/file-system.ts';
import type { Folder } from '../../agent/library/scan/folder.ts';
import { ProgressReporter } from '../../agent/library/scan/progress.ts';
import { type ScanOutcome, scanRoot } from '../../agent/library/scan/scan-root.ts';
import { walk } from '../../agent/library/scan/walk.ts';
import { scanOrder } from '../../agent/library/scan-order.ts';
import { readSidecar } from '../../agent/library/sidecar/sidecar.ts';
import type { Claim } from '../../shared/protocol/sync.ts';
import { binaries, SILENT } from './media-tree.ts';

export interface ScanOptions {
  disk?: FileSystem;
  acceptDeletions?: boolean;
  followLinks?: boolean;
  onWritten?: () => void;
  ffprobe?: string;
  /** Told of each folder as the walk gives it, and of each film that is read. */
  onFolder?: (folder: Folder) => void;
  onContent?: (path: string) => void;
}

/** One root with an index of its own, scanned when a test says so. */
export class TestRoot implements Disposable {
  readonly index: LibraryIndex;
  readonly root: Root;

  constructor(path: string, indexFile: string, library = 'Films') {
    this.index = new LibraryIndex(indexFile, SILENT);
    this.root = { id: 'root-1', path, name: library, library, followLinks: false };
  }

  async scan(options: ScanOptions = {}): Promise<ScanOutcome> {
    const ffprobe = options.ffprobe ?? (await binaries()).ffprobe;
    using progress = new ProgressReporter(this.root.id, scanOrder('hand'), () => {});
    return await scanRoot({
      root: { ...this.root, followLinks: options.followLinks ?? false },
      index: this.index,
      ffprobe,
      progress,
      onWritten: options.onWritten ?? (() => {}),
      acceptDeletions: options.acceptDeletions ?? false,
      signal: AbortSignal.timeout(60_000),
      openReader: () => overheard(options.disk ? readerOf(options.disk) : openThreadReader(), options),
    });
  }

  /** Everything that the edge would be told, from the beginning. */
  claims(): Claim[] {
    return this.index.claimsSince(0, 10_000);
  }

  /** By path: the title of what is there, the code of what is wrong. Gone files are left out. */
  said(): Record<string, string> {
    const entries = this.claims().flatMap((claim) => {
      if (claim.state === 'gone') return [];
      return [[claim.path, claim.state === 'problem' ? `!${claim.code}` : titleOf(claim)] as const];
    });
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  [Symbol.dispose](): void {
    this.index[Symbol.dispose]();
  }
}

/** Reads in this thread, on a disk whose failures a test decides. */
function readerOf(disk: FileSystem): Reader {
  return {
    async *walk(options) {
      yield* walk(options, disk);
    },
    content: async (path, size) => readContent(path, size),
    picture: async (path) => readPicture(path),
    sidecar: async (path) => readSidecar(path),
    async [Symbol.asyncDispose]() {},
  };
}

/** The same reader, with everything that it is asked for told to the test. */
function overheard(reader: Reader, { onFolder, onContent }: ScanOptions): Reader {
  return {
    async *walk(options) {
      for await (const folder of reader.walk(options)) {
        onFolder?.(folder);
        yield folder;
      }
    },
    content(path, size) {
      onContent?.(path);
      return reader.content(path, size);
    },
    picture: (path) => reader.picture(path),
    sidecar: (path) => reader.sidecar(path),
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}

function titleOf({ work }: Extract<Claim, { state: 'present' }>): string {
  return work.kind === 'episode' ? `${work.series} ${work.season}x${work.episode}` : work.title;
}
