/** One figure of a benchmark, with the goal it is held against where it has one. */
export interface Measure {
  name: string;
  value: number;
  unit: string;
  /** Such as `>= 0.9` or `< 3`. */
  goal?: string;
}

export interface BenchResult {
  bench: string;
  measures: Measure[];
}

export interface BenchOptions {
  /** Fewer repetitions, for a look rather than a figure to quote. */
  quick: boolean;
  /** One kind of what a benchmark does, by its name, for those that have several. */
  only?: string | undefined;
  /** Repetitions, where the usual number is not wanted. */
  rounds?: number | undefined;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a fraction of all lies, by nearest rank. */
export function quantile(values: readonly number[], fraction: number): number {
  if (values.length === 0) throw new RangeError('no values were measured');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(fraction * sorted.length) - 1))] as number;
}

/** Whether a value meets a goal of the form `<op> number`; undefined without a goal. */
export function meets(value: number, goal: string | undefined): boolean | undefined {
  const match = /^(>=|<=|<|>) ?([\d.]+)$/.exec(goal ?? '');
  if (!match) return undefined;
  const limit = Number(match[2]);
  switch (match[1]) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
    default:
      return value > limit;
  }
}

/** One line: how many goals were met, and which were not, by how much. */
export function verdict(bench: string, judged: readonly (Measure & { met: boolean | undefined })[]): string {
  const goals = judged.filter(({ met }) => met !== undefined);
  const missed = goals.filter(({ met }) => !met);
  if (goals.length === 0) return `${bench}: no goal is set.`;
  if (missed.length === 0) return `${bench}: all ${goals.length} goals met.`;
  const list = missed.map(({ name, value, unit, goal }) => `${name} ${Number(value.toPrecision(4))} ${unit} (${goal})`);
  return `${bench}: ${goals.length - missed.length} of ${goals.length} goals met. Missed: ${list.join('; ')}.`;
}
