import { type Check, failed, MIB, ok, spell, warning } from '../check.ts';
import { FILM_BYTES } from '../made-up-film.ts';
import type { Stage } from '../stage.ts';
import { Viewer } from '../viewer.ts';

const ASKS = 20;
const SMALL_BYTES = 1024;
const SLOW_ANSWER_MS = 1_000;
const DOWNLOAD_BYTES = 32 * MIB;
/** What a film in full quality takes. */
const ENOUGH_BITS = 10_000_000;
const PART_MS = 300_000;
const ANSWER_MS = 30_000;

/** How long small answers take: a player waits so long at each start and each seek, and then for its bytes. */
export async function latency({ url, signal }: Stage): Promise<Check> {
  const name = 'Small answers';
  const times: number[] = [];
  for (let i = 0; i < ASKS; i++) {
    const startedAt = performance.now();
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    using viewer = await Viewer.open(url, { start: i * MIB, end: i * MIB + SMALL_BYTES }, within);
    await viewer.read(SMALL_BYTES);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const median = times[ASKS / 2] as number;
  const figure = `${spell(median)} (median of ${ASKS}, slowest ${spell(times.at(-1) as number)})`;
  if (median <= SLOW_ANSWER_MS) return ok(name, figure, 'From here to the edge, to the machine and back.');
  return warning(
    ...([name, figure, 'Films start and seek slowly.'] as const),
    'A link lives where its machine first connected: if that is far away (a VPN?), remove the machine and enrol it from its own network.',
  );
}

/** What the relay carries from this machine up to the edge and down again. */
export async function throughput({ url, times, signal }: Stage): Promise<Check> {
  const name = 'Throughput';
  using viewer = await Viewer.open(url, { start: 0, end: DOWNLOAD_BYTES }, signal);
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  while (!viewer.done && elapsed() < times.throughputMs) await viewer.read(1);
  const bits = (viewer.at * 8) / (elapsed() / 1000);
  const figure = `${(bits / 1_000_000).toFixed(1)} Mbit/s (${(viewer.at / MIB).toFixed(0)} MB in ${spell(elapsed())})`;
  if (bits >= ENOUGH_BITS) return ok(name, figure, 'Enough for a film in full quality, up and down on this line.');
  return warning(
    ...([name, figure, 'A slow line: films in full quality will stall, and are converted to fit.'] as const),
    'Measure again from the machine with the films, by cable. The line’s upload is what counts there; set its limit under Machines, Sites.',
  );
}

/** The largest body that there is, in one PUT. */
export async function largestPart({ url, signal }: Stage): Promise<Check> {
  const name = 'A part of 64 MB';
  const within = AbortSignal.any([signal, AbortSignal.timeout(PART_MS)]);
  const startedAt = performance.now();
  try {
    using viewer = await Viewer.open(url, { start: 0, end: FILM_BYTES }, within);
    await viewer.read(FILM_BYTES);
  } catch {
    signal.throwIfAborted();
    return failed(
      ...([name, null, 'The largest body that a machine sends does not pass: long ranges break off.'] as const),
      'Look for a limit on request bodies below 64 MB (nginx: `client_max_body_size`). Cloudflare’s own is 100 MB on its smallest plan.',
    );
  }
  return ok(
    name,
    spell(performance.now() - startedAt),
    'It came whole, below the 100 MB that the smallest plan takes.',
  );
}
