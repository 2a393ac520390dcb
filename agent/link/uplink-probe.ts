/** When the line is measured: soon after the start, then rarely, and only while nothing flows. */
export interface ProbeTimes {
  /** After the start. */
  firstMs: number;
  /** Between two measurements. */
  everyMs: number;
  /** How often it is looked whether one is due and nothing flows. */
  lookMs: number;
}

const DAY_MS = 24 * 60 * 60_000;

/** Once a day is 22 MB at most. */
export const PROBE_TIMES: ProbeTimes = { firstMs: 5_000, everyMs: DAY_MS, lookMs: 5_000 };

/**
 * Measures the line now and then while no viewer wants it. A measurement into which a viewer came is thrown away and
 * made again: the two would have shared the line.
 */
export class UplinkProbe implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #options: { quiet: () => boolean; measure: () => Promise<number | null>; found: (rate: number) => void };
  readonly #times: ProbeTimes;
  #dueAt: number;
  #busy = false;

  /** `quiet` says that the edge can be reached and nothing flows. `measure` must not reject. */
  constructor(
    times: ProbeTimes,
    options: { quiet: () => boolean; measure: () => Promise<number | null>; found: (rate: number) => void },
  ) {
    this.#times = times;
    this.#options = options;
    this.#dueAt = performance.now() + times.firstMs;
    this.#timer = setInterval(() => void this.#look(), times.lookMs);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { quiet, measure, found } = this.#options;
    if (this.#busy || performance.now() < this.#dueAt || !quiet()) return;
    this.#busy = true;
    const rate = await measure();
    this.#busy = false;
    if (!quiet()) return;
    this.#dueAt = performance.now() + this.#times.everyMs;
    if (rate !== null) found(rate);
  }
}
