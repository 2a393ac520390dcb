/** A driver that failed is left alone for this long: it may have been out of sessions, or is being updated. */
const REST_MS = 10 * 60_000;

/** Which of this machine's encoders can be relied on now. */
export interface EncoderHealth {
  /** The encoders in the order in which they should be tried: those that failed lately come last. */
  order(now: number): string[];
  /** An encoder failed in the middle of a film. */
  failed(name: string, now: number): void;
}

export function createEncoderHealth(names: readonly string[]): EncoderHealth {
  const failures = new Map<string, number>();
  const rests = (name: string, now: number) => now - (failures.get(name) ?? Number.NEGATIVE_INFINITY) < REST_MS;
  return {
    order: (now) => [...names.filter((name) => !rests(name, now)), ...names.filter((name) => rests(name, now))],
    failed(name, now) {
      failures.set(name, now);
    },
  };
}
