import { once } from 'node:events';
import { type Check, failed, ok, spell } from '../check.ts';
import type { Stage } from '../stage.ts';
import { Viewer } from '../viewer.ts';

const NAME = 'A viewer who leaves';
const BYTES_PER_SECOND = 512 * 1024;
/** So long that the body outlives the wait for the machine to hear of it, also where its first bytes came late. */
const BODY_WAITS = 2.5;
const FIRST_BYTES_MS = 30_000;

/** The agent hears at once that nobody reads any more. */
export async function leaving({ agent, url, times, signal }: Stage): Promise<Check> {
  agent.link.setUplinkLimit(BYTES_PER_SECOND);
  try {
    const before = agent.requests.length;
    const limitMs = times.leavingMs;
    const end = Math.round((BYTES_PER_SECOND * limitMs * BODY_WAITS) / 1000);
    const viewer = await Viewer.open(
      ...([url, { start: 0, end }] as const),
      AbortSignal.any([signal, AbortSignal.timeout(FIRST_BYTES_MS)]),
    );
    await viewer.read(1);
    const request = agent.requests[before];
    if (!request) throw new Error('The bytes did not come from this machine.');
    const startedAt = performance.now();
    viewer[Symbol.dispose]();
    const late = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
    if (!request.aborted) await once(request, 'abort', { signal: late }).catch(() => {});
    signal.throwIfAborted();
    const tookMs = performance.now() - startedAt;
    if (request.aborted) {
      return ok(NAME, `the machine knew after ${spell(tookMs)}`, 'Nothing is sent for viewers who are gone.');
    }
    const meaning = 'Machines go on sending, and converting, for people who have left.';
    const advice =
      'Look for a proxy between viewers and the edge that reads on by itself (nginx: `proxy_ignore_client_abort off`, `proxy_buffering off`), or a cache that fetches whole files.';
    return failed(NAME, `the machine did not hear of it in ${spell(limitMs)}`, meaning, advice);
  } finally {
    agent.link.setUplinkLimit(null);
  }
}
