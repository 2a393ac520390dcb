import type { ScanProgress } from '../../../shared/protocol/frames.ts';
import type { ScanRunInfo } from '../../../shared/protocol/scans.ts';
import type { ScanOrder } from '../scan-order.ts';

/** At most four reports a second: what people see moves, and the link's messages are billed. */
const MIN_INTERVAL_MS = 250;

const MAX_MESSAGE = 500;

type Report = Omit<ScanProgress, 'kind' | 'root' | 'run'>;

/** Tells how far one root's scan has come, at a bounded rate; changes of the phase are told at once. */
export class ProgressReporter implements Disposable {
  readonly #root: string;
  readonly #emit: (progress: ScanProgress) => void;
  #report: Report = { phase: 'walking', total: null, done: 0, problems: 0, message: null };
  #run: ScanRunInfo;
  readonly #startedAt = Date.now();
  #toldAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string, { run, trigger, full }: ScanOrder, emit: (progress: ScanProgress) => void) {
    this.#root = root;
    this.#emit = emit;
    this.#run = { id: run, trigger, full, tookMs: 0, read: 0, removed: 0, held: 0, state: 'running' };
  }

  update(change: Partial<Report>): void {
    const phase = this.#report.phase;
    this.#report = { ...this.#report, ...change };
    const wait = this.#toldAt + MIN_INTERVAL_MS - Date.now();
    if (phase !== this.#report.phase || wait <= 0) this.#tell();
    else this.#timer ??= setTimeout(() => this.#tell(), wait);
  }

  /** What goes with the next report. */
  count(counts: Partial<Pick<ScanRunInfo, 'read' | 'removed' | 'held'>>): void {
    this.#run = { ...this.#run, ...counts };
  }

  /** The last word. */
  end(state: Exclude<ScanRunInfo['state'], 'running'>, message: string | null): void {
    this.#run = { ...this.#run, state };
    this.#report.message = message?.slice(0, MAX_MESSAGE) ?? null;
    // To an edge that knows no runs what was stopped has not come to its end.
    this.#report.phase = state === 'done' ? 'done' : 'failed';
    this.#tell();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldAt = Date.now();
    const run = { ...this.#run, tookMs: Math.max(0, this.#toldAt - this.#startedAt) };
    this.#emit({ kind: 'scan.progress', root: this.#root, ...this.#report, run });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
