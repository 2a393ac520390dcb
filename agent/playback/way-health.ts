import type { VideoWay } from '../ffmpeg/video-way.ts';

/** A driver that failed is left alone for this long: it may have been out of sessions, or is being updated. */
const REST_MS = 10 * 60_000;

/** What drivers say when they encode as many films as they are allowed to, and nothing else is wrong. */
const OUT_OF_SESSIONS = [
  // NVIDIA's consumer cards: three to twelve sessions, by the driver's age.
  /OpenEncodeSessionEx failed: (?:out of memory|incompatible client key)/i,
  /No free encoding sessions/i,
];

type Way = Pick<VideoWay, 'name' | 'device'>;

/** Which ways of making pictures can be relied on now, and how many sessions a chip has open for this program. */
export interface WayHealth {
  /** The ways, best first, in the order in which they should be tried: those that failed lately come last. */
  order<W extends Way>(ways: readonly W[], now: number): W[];
  /** A process was started; what is returned is called once it is gone. */
  began(way: Way): () => void;
  /** A way failed with a file that another way can make; `said` is what ffmpeg wrote at the end. */
  failed(way: Way, said: string, now: number): void;
}

export function createWayHealth(): WayHealth {
  const failures = new Map<string, number>();
  const active = new Map<string, number>();
  const caps = new Map<string, { most: number; since: number }>();
  const lately = (then: number | undefined, now: number) => then !== undefined && now - then < REST_MS;
  const rests = ({ name, device }: Way, now: number) => {
    if (lately(failures.get(name), now)) return true;
    const cap = device === null ? undefined : caps.get(device);
    return cap !== undefined && lately(cap.since, now) && (active.get(device as string) ?? 0) >= cap.most;
  };
  return {
    order: (ways, now) => [...ways.filter((way) => !rests(way, now)), ...ways.filter((way) => rests(way, now))],
    began({ device }) {
      if (device === null) return () => {};
      active.set(device, (active.get(device) ?? 0) + 1);
      let gone = false;
      return () => {
        if (!gone) active.set(device, (active.get(device) ?? 1) - 1);
        gone = true;
      };
    },
    failed({ name, device }, said, now) {
      const others = device === null ? 0 : (active.get(device) ?? 0);
      // With none of ours open another program has them all, and asking again at once is of no use.
      if (device !== null && others > 0 && OUT_OF_SESSIONS.some((words) => words.test(said))) {
        caps.set(device, { most: others, since: now });
      } else {
        failures.set(name, now);
      }
    },
  };
}
