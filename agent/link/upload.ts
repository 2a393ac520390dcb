import { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import { PUT_HEADERS } from '../../shared/protocol/frames.ts';
import type { Body } from './body.ts';

/** How an upload ended: all taken, or the edge wants no more of it. */
export type UploadOutcome = 'done' | 'viewer-left' | 'gone';

export interface UploadOptions {
  edge: string;
  streamId: string;
  head: { contentType: string; etag: string | null; range: string | null };
  body: Body;
  partBytes: number;
  dispatcher: Dispatcher;
  signal: AbortSignal;
  /** Waits until this many bytes may leave. */
  admit: (bytes: number) => Promise<void>;
  /** The connection has taken bytes over, in so many milliseconds. */
  onMoved: (bytes: number, tookMs: number) => void;
}

/** Sends a body to the waiting viewer, in PUTs of at most `partBytes`, one after another. */
export async function upload(options: UploadOptions): Promise<UploadOutcome> {
  const { body, partBytes } = options;
  for (let part = 0, start = 0; start < body.length; part++, start += partBytes) {
    const status = await put(options, part, start, Math.min(start + partBytes, body.length));
    if (status === 204) continue;
    if (status === 499) return 'viewer-left';
    if (status === 410) return 'gone';
    throw new Error(`The edge answered a PUT with ${status}`);
  }
  return 'done';
}

async function put(options: UploadOptions, part: number, start: number, end: number): Promise<number> {
  const { edge, streamId, head, body, dispatcher, signal } = options;
  const headers: Record<string, string> = { 'content-length': String(end - start) };
  if (part === 0) {
    headers[PUT_HEADERS.total] = String(body.length);
    headers[PUT_HEADERS.contentType] = head.contentType;
    if (head.etag) headers[PUT_HEADERS.etag] = head.etag;
    if (head.range) headers[PUT_HEADERS.range] = head.range;
  }
  const response = await request(`${edge}/agent/v1/streams/${streamId}?part=${part}`, {
    method: 'PUT',
    headers,
    // One chunk is read ahead while the one before it leaves.
    body: Readable.from(metered(options, start, end), { highWaterMark: 1 }),
    dispatcher,
    signal,
  });
  await response.body.dump();
  return response.statusCode;
}

async function* metered(options: UploadOptions, start: number, end: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of options.body.read(start, end)) {
    await options.admit(chunk.length);
    const startedAt = performance.now();
    yield chunk;
    // The next chunk is pulled when the connection has taken this one.
    options.onMoved(chunk.length, performance.now() - startedAt);
  }
}
