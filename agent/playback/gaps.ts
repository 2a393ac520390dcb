/** Segments for which a process found nothing in the file: only ways that make up what it lacks are of use there. */
export class Gaps {
  readonly #holes = new Set<number>();
  #end = Number.POSITIVE_INFINITY;

  /** Nothing comes any more from this segment on. */
  endsAt(k: number): void {
    this.#end = k;
  }

  /** A process went from one segment to another, and made only these. */
  passed(from: number, to: number, made: ReadonlySet<number>): void {
    for (let k = from; k < to; k++) if (!made.has(k)) this.#holes.add(k);
  }

  /** The first segment behind the gap that k lies in, of `count` in all; null where there is no gap. */
  behind(k: number, count: number): number | null {
    if (k >= this.#end) return count;
    let next = k;
    while (this.#holes.has(next)) next++;
    return next > k ? next : null;
  }
}
