import { Unsure } from './unsure.ts';

/** Bits of a parameter set, from the highest of each byte. Throws Unsure behind the end. */
export class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** At most 32 bits, as an unsigned number. */
  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new Unsure('a parameter set that breaks off');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at++;
    }
    return value;
  }

  flag(): boolean {
    return this.read(1) === 1;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** Exp-Golomb, unsigned. */
  ue(): number {
    let zeros = 0;
    while (!this.flag()) if (++zeros > 32) throw new Unsure('a number without end');
    return 2 ** zeros - 1 + this.read(zeros);
  }

  /** Exp-Golomb, signed. */
  se(): number {
    const value = this.ue();
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
  }
}

/** A NAL unit without the bytes that keep start codes from appearing in it. */
export function unescaped(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length);
  let length = 0;
  for (let i = 0; i < nal.length; i++) {
    if (nal[i] === 3 && i >= 2 && nal[i - 1] === 0 && nal[i - 2] === 0) continue;
    out[length++] = nal[i] as number;
  }
  return out.subarray(0, length);
}
