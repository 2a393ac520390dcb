import { randomFillSync } from 'node:crypto';
import { MAX_UPLINK_BYTES, UPLINK_PATH, UplinkAnswer } from '../../shared/protocol/uplink.ts';

/** Each four times the one before, until one takes long enough to be believed. */
const SIZES = [64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024, MAX_UPLINK_BYTES] as const;

/** An upload of this length is hardly bent by the round trip that its answer takes. */
const ENOUGH_MS = 1_000;

/** All uploads of one measurement together: what is not through by then is given up. */
const MOST_MS = 5_000;

/**
 * What the line to the edge carries now, in bytes a second, by uploads that the edge throws away; null where not even
 * the smallest came through in time. Rejects where the edge refuses or cannot be reached.
 */
export async function measureUplink(options: {
  edge: string;
  token: string;
  signal: AbortSignal;
}): Promise<number | null> {
  const late = AbortSignal.timeout(MOST_MS);
  const signal = AbortSignal.any([options.signal, late]);
  const startedAt = performance.now();
  let rate: number | null = null;
  // Noise: what compresses well says nothing of a line behind a tunnel that compresses.
  const noise = randomFillSync(Buffer.allocUnsafe(SIZES[0]));
  for (const size of SIZES) {
    const leftMs = MOST_MS - (performance.now() - startedAt);
    if (rate !== null && (size / rate) * 1000 > leftMs) break;
    const sentAt = performance.now();
    try {
      await send(options, Buffer.alloc(size, noise), signal);
    } catch (error) {
      if (late.aborted && !options.signal.aborted) break;
      throw error;
    }
    const tookMs = performance.now() - sentAt;
    rate = Math.round((size / tookMs) * 1000);
    if (tookMs >= ENOUGH_MS) break;
  }
  return rate;
}

async function send(options: { edge: string; token: string }, body: Uint8Array<ArrayBuffer>, signal: AbortSignal) {
  const response = await fetch(options.edge + UPLINK_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${options.token}`, 'content-type': 'application/octet-stream' },
    body,
    signal,
  });
  if (!response.ok) throw new Error(`The edge answered an upload with ${response.status}`);
  const { bytes } = UplinkAnswer.parse(await response.json());
  if (bytes !== body.length) throw new Error(`Of ${body.length} bytes ${bytes} came through`);
}
