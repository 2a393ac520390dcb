/** One step of the play, as it came out. */
export interface Step {
  name: string;
  ms: number;
  /** What was seen, in a line each. */
  seen: string[];
  failure: string | null;
}

/** Plays steps in order, tells of each as it ends, and keeps them for the end. After a failure nothing more is played. */
export class Report {
  readonly steps: Step[] = [];
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  get failed(): boolean {
    return this.steps.some(({ failure }) => failure !== null);
  }

  async step(name: string, play: (saw: (line: string) => void) => Promise<void>): Promise<void> {
    if (this.failed) return;
    const seen: string[] = [];
    const startedAt = performance.now();
    let failure: string | null = null;
    try {
      await play((line) => seen.push(line));
    } catch (error) {
      failure = (error as Error).message;
    }
    const ms = performance.now() - startedAt;
    this.steps.push({ name, ms, seen, failure });
    this.#say(`${failure === null ? '✓' : '✗'} ${name} (${(ms / 1000).toFixed(1)} s)`);
    for (const line of [...seen, ...(failure === null ? [] : failure.split('\n'))]) this.#say(`    ${line}`);
  }

  /** The last line. */
  summary(): string {
    const seconds = Math.round(this.steps.reduce((sum, { ms }) => sum + ms, 0) / 1000);
    const good = this.steps.filter(({ failure }) => failure === null).length;
    const time = `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    return this.failed ? `Stopped after ${good} good steps, ${time}.` : `All ${good} steps are good, ${time}.`;
  }
}
