import { stat } from 'node:fs/promises';
import PQueue from 'p-queue';

/** What is read of one disk at once: something that somebody waits for, and one track whole for later. */
interface Disk {
  awaited: PQueue;
  later: PQueue;
}

/** Lines before each disk, so that at most two extractions read one at the same time. */
export class Disks {
  readonly #disks = new Map<number, Disk>();

  /** The lines of the disk that a file lies on. */
  async of(path: string): Promise<Disk> {
    const device = await stat(path).then(
      ({ dev }) => dev,
      () => 0,
    );
    const known = this.#disks.get(device);
    if (known) return known;
    const disk = { awaited: new PQueue({ concurrency: 1 }), later: new PQueue({ concurrency: 1 }) };
    this.#disks.set(device, disk);
    return disk;
  }

  /** Resolves when nothing is read any more. */
  async idle(): Promise<void> {
    const lines = [...this.#disks.values()].flatMap(({ awaited, later }) => [awaited, later]);
    await Promise.all(lines.map((line) => line.onIdle()));
  }
}
