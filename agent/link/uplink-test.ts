import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
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
      await send({ ...options, signal }, noise, size);
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

/** In pieces, over and over the same: a body of its own for each size would stay in this process's memory. */
async function send(
  { edge, token, signal }: { edge: string; token: string; signal: AbortSignal },
  noise: Buffer,
  size: number,
): Promise<void> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/octet-stream',
    'content-length': size,
  };
  const open = edge.startsWith('https:') ? requestHttps : requestHttp;
  const request = open(edge + UPLINK_PATH, { method: 'POST', headers, signal });
  const answered = once(request, 'response');
  // What breaks it is told by the answer, or by there being none.
  const sent = pipeline(Readable.from(repeated(noise, size)), request).catch(() => {});
  try {
    const [response] = (await answered) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`The edge answered an upload with ${response.statusCode}`);
    const { bytes } = UplinkAnswer.parse(await json(response));
    if (bytes !== size) throw new Error(`Of ${size} bytes ${bytes} came through`);
  } finally {
    request.destroy();
    await sent;
  }
}

function* repeated(piece: Buffer, size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(piece.length, left));
}
