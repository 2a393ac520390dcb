import { ABORT_REASONS, type Abort } from './aborts.ts';

/** Upper bounds of the buckets of "seconds to the first byte"; the last bucket has none. */
const FIRST_BYTE_BOUNDS_S = [0.01, 0.03, 0.1, 0.3, 1, 3, 10] as const;

/** What one agent's link has done since its object was started; counters begin again at 0 after an eviction. */
export interface LinkMetrics {
  socketsOpen: number;
  streamsOpen: number;
  callsOpen: number;
  streamsStarted: number;
  streamsCompleted: number;
  bytesRelayed: number;
  /** Bytes that the machine sent past the edge, by its own word. */
  bytesDirect: number;
  aborts: Record<Abort, number>;
  /** Refusals by the agent itself. */
  agentFailures: number;
  /** How many bodies began within each bound of a bucket, in seconds (null is no bound), and the sum of all. */
  firstByte: { buckets: { boundS: number | null; count: number }[]; sumS: number };
  /** What the agent's line was seen to carry, in bytes a second; null while it is not known. */
  uplink: number | null;
}

export class LinkCounters {
  streamsStarted = 0;
  streamsCompleted = 0;
  bytesRelayed = 0;
  bytesDirect = 0;
  agentFailures = 0;
  uplink: number | null = null;
  readonly aborts = Object.fromEntries(ABORT_REASONS.map((reason) => [reason, 0])) as Record<Abort, number>;
  readonly #firstByteCounts = new Array<number>(FIRST_BYTE_BOUNDS_S.length + 1).fill(0);
  #firstByteSumS = 0;

  /** The first byte of a body came this long after it was asked for. */
  sawFirstByte(seconds: number): void {
    const bucket = FIRST_BYTE_BOUNDS_S.findIndex((bound) => seconds <= bound);
    const index = bucket === -1 ? FIRST_BYTE_BOUNDS_S.length : bucket;
    this.#firstByteCounts[index] = (this.#firstByteCounts[index] ?? 0) + 1;
    this.#firstByteSumS += seconds;
  }

  snapshot(open: { sockets: number; streams: number; calls: number }): LinkMetrics {
    const { streamsStarted, streamsCompleted, bytesRelayed, bytesDirect, agentFailures, uplink } = this;
    return {
      socketsOpen: open.sockets,
      streamsOpen: open.streams,
      callsOpen: open.calls,
      streamsStarted,
      streamsCompleted,
      bytesRelayed,
      bytesDirect,
      agentFailures,
      uplink,
      aborts: { ...this.aborts },
      firstByte: {
        buckets: this.#firstByteCounts.map((count, i) => ({ boundS: FIRST_BYTE_BOUNDS_S[i] ?? null, count })),
        sumS: this.#firstByteSumS,
      },
    };
  }
}
