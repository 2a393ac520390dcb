/** Numbers that were seen, a bit each: a million of them take 125 KB, where a Set takes 40 MB. */
export class IdSet {
  #bits = new Uint8Array(1024);

  /** Adds a number; true where it is new. */
  add(id: number): boolean {
    const index = Math.floor(id / 8);
    const bit = 1 << (id % 8);
    if (index >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(index + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    const old = this.#bits[index] ?? 0;
    this.#bits[index] = old | bit;
    return (old & bit) === 0;
  }
}
