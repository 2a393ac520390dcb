import type { ScanProgress } from '../../../shared/protocol/frames.ts';

/** At most four reports a second: what people see moves, and the link's messages are billed. */
const MIN_INTERVAL_MS = 250;

type Report = Omit<ScanProgress, 'kind' | 'root'>;

/** Tells how far one root's scan has come, at a bounded rate; changes of the phase are told at once. */
export class ProgressReporter implements Disposable {
  readonly #root: string;
  readonly #emit: (progress: ScanProgress) => void;
  #report: Report = { phase: 'walking', total: null, done: 0, problems: 0, message: null };
  #toldAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string, emit: (progress: ScanProgress) => void) {
    this.#root = root;
    this.#emit = emit;
  }

  get current(): Report {
    return this.#report;
  }

  update(change: Partial<Report>): void {
    const phase = this.#report.phase;
    this.#report = { ...this.#report, ...change };
    const wait = this.#toldAt + MIN_INTERVAL_MS - Date.now();
    if (phase !== this.#report.phase || wait <= 0) this.#tell();
    else this.#timer ??= setTimeout(() => this.#tell(), wait);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldAt = Date.now();
    this.#emit({ kind: 'scan.progress', root: this.#root, ...this.#report });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
