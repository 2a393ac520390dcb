export interface Tap {
  at: number;
  /** Where across the picture, 0 to 1. */
  x: number;
}

const DOUBLE_MS = 300;
const SIDE = 0.38;

const sideOf = (x: number) => (x < SIDE ? -1 : x > 1 - SIDE ? 1 : 0);

/** What a finger means: a second quick tap on the same side goes by ten seconds, any other shows the controls or hides them. */
export function tapMeaning(tap: Tap, before: Tap | null): { seekBy: number } | 'toggle-controls' {
  const side = sideOf(tap.x);
  const double = before !== null && tap.at - before.at < DOUBLE_MS && sideOf(before.x) === side;
  return double && side !== 0 ? { seekBy: side * 10 } : 'toggle-controls';
}
