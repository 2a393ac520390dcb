import { LibraryIndex } from '../../agent/library/index/library-index.ts';
import type { Root } from '../../agent/library/roots.ts';
import type { FileSystem } from '../../agent/library/scan/file-system.ts';
import { ProgressReporter } from '../../agent/library/scan/progress.ts';
import { type ScanOutcome, scanRoot } from '../../agent/library/scan/scan-root.ts';
import type { Claim } from '../../shared/protocol/sync.ts';
import { binaries, SILENT } from './media-tree.ts';

export interface ScanOptions {
  disk?: FileSystem;
  acceptDeletions?: boolean;
  followLinks?: boolean;
  onWritten?: () => void;
  ffprobe?: string;
}

/** One root with an index of its own, scanned when a test says so. */
export class TestRoot implements Disposable {
  readonly index: LibraryIndex;
  readonly root: Root;

  constructor(path: string, indexFile: string) {
    this.index = new LibraryIndex(indexFile, SILENT);
    this.root = { id: 'root-1', path, name: 'Films', library: 'Films', followLinks: false };
  }

  async scan(options: ScanOptions = {}): Promise<ScanOutcome> {
    const ffprobe = options.ffprobe ?? (await binaries()).ffprobe;
    using progress = new ProgressReporter(this.root.id, () => {});
    return await scanRoot({
      root: { ...this.root, followLinks: options.followLinks ?? false },
      index: this.index,
      ffprobe,
      progress,
      onWritten: options.onWritten ?? (() => {}),
      acceptDeletions: options.acceptDeletions ?? false,
      signal: AbortSignal.timeout(60_000),
      ...(options.disk ? { disk: options.disk } : {}),
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

function titleOf({ work }: Extract<Claim, { state: 'present' }>): string {
  return work.kind === 'episode' ? `${work.series} ${work.season}x${work.episode}` : work.title;
}
