/** What is asked for: a segment's number, or the init segment, which every process writes first. */
export type Wanted = number | 'init';

/** What it is answered with: the bytes, or where the cache has them. */
export type Made = Buffer | { path: string; size: number };

/** Its name in the cache. */
export function nameOf(wanted: Wanted): string {
  return wanted === 'init' ? 'init' : String(wanted);
}

/** What a guest waited for does not come from here any more: the guest makes it itself. */
export class Elsewhere extends Error {
  override name = 'Elsewhere';
}

interface Wish {
  wanted: Wanted;
  /** Another session's viewer, who waits for what is on its way here and never moves the process. */
  guest: boolean;
  resolve(bytes: Buffer): void;
  reject(failure: Error): void;
}

/** What viewers wait for, oldest first. */
export class Wishes {
  #waiting: Wish[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** What the own viewers wait for, oldest first. */
  own(): Wanted[] {
    return this.#waiting.filter(({ guest }) => !guest).map(({ wanted }) => wanted);
  }

  /** Resolves with the bytes; rejects with the failure, or with the signal's reason once it aborts. */
  add(wanted: Wanted, guest: boolean, signal: AbortSignal): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const wish: Wish = { wanted, guest, resolve, reject };
    this.#waiting.push(wish);
    const leave = () => {
      this.#waiting = this.#waiting.filter((each) => each !== wish);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', leave));
  }

  fulfil(wanted: Wanted, bytes: Buffer): void {
    for (const wish of this.#take((each) => each.wanted === wanted)) wish.resolve(bytes);
  }

  refuse(concerns: (wanted: Wanted, guest: boolean) => boolean, failure: Error): void {
    for (const wish of this.#take(({ wanted, guest }) => concerns(wanted, guest))) wish.reject(failure);
  }

  #take(concerns: (wish: Wish) => boolean): Wish[] {
    const taken = this.#waiting.filter(concerns);
    this.#waiting = this.#waiting.filter((each) => !taken.includes(each));
    return taken;
  }
}
