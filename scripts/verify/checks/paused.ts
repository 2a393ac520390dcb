import { setTimeout as sleep } from 'node:timers/promises';
import { type Check, failed, MIB, ok, spell } from '../check.ts';
import { FILM_BYTES } from '../made-up-film.ts';
import type { Stage } from '../stage.ts';
import { BrokenOff, Viewer, WrongBytes } from '../viewer.ts';

const NAME = 'A paused viewer';
const BEFORE_BYTES = MIB;
/** More than all buffers on the way hold, so that bytes from behind the pause are among them. */
const AFTER_BYTES = 32 * MIB;
/** A relay that moves nothing for so long is ended by the edge itself [LV6]. */
const EDGE_HOLDS_MS = 60_000;

/** A viewer who stops reading and goes on finds the right bytes, on the same connection where the pause was short. */
export async function paused({ url, times, signal }: Stage): Promise<Check> {
  const { pauseMs, readOnMs } = times;
  using first = await Viewer.open(url, { start: 0, end: FILM_BYTES }, signal);
  await first.read(BEFORE_BYTES);
  await sleep(pauseMs, undefined, { signal });
  try {
    await readOn(first, readOnMs);
    return ok(NAME, `paused for ${spell(pauseMs)}`, 'The download went on where it was, on the same connection.');
  } catch (error) {
    if (error instanceof WrongBytes) return wrong(pauseMs);
    if (!(error instanceof BrokenOff) || signal.aborted) throw error;
  }
  using second = await Viewer.open(url, { start: first.at, end: FILM_BYTES }, signal);
  const figure = `broken off at ${(first.at / MIB).toFixed(1)} MB in a pause of ${spell(pauseMs)}`;
  try {
    await readOn(second, readOnMs);
  } catch (error) {
    if (error instanceof WrongBytes) return wrong(pauseMs);
    const meaning = 'The download broke in the pause, and the request for the rest was not answered.';
    return failed(
      NAME,
      figure,
      meaning,
      'See the machine’s log and `npx wrangler tail` for who closed the connection.',
    );
  }
  if (pauseMs >= EDGE_HOLDS_MS) {
    return ok(NAME, figure, 'The edge ended the still download after a minute, as it should, and the rest came.');
  }
  return failed(
    ...([
      NAME,
      figure,
      'Something cuts connections on which nothing moves. Players ask again, but some do not.',
    ] as const),
    'Look for a proxy, firewall or VPN between the machine and the edge with a time-out for idle uploads (nginx: `client_body_timeout`, `proxy_send_timeout`) and raise it above 60 seconds.',
  );
}

async function readOn(viewer: Viewer, ms: number): Promise<void> {
  const until = performance.now() + ms;
  const end = viewer.at + AFTER_BYTES;
  while (!viewer.done && viewer.at < end && performance.now() < until) await viewer.read(1);
}

function wrong(pauseMs: number): Check {
  const meaning = 'After the pause bytes came that belong elsewhere in the film.';
  const advice =
    'Look for a cache or a proxy between you and the edge that answers ranges by itself, and switch it off.';
  return failed(NAME, `paused for ${spell(pauseMs)}`, meaning, advice);
}
