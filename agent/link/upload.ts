import { PUT_HEADERS } from '../../shared/protocol/frames.ts';
import { type Connections, type Flow, sendBytes } from './put.ts';

/** How an upload ended: all taken, or the edge wants no more of it. */
export type UploadOutcome = 'done' | 'viewer-left' | 'gone';

export interface UploadOptions extends Flow {
  edge: string;
  streamId: string;
  head: { contentType: string; etag: string | null; range: string | null };
  partBytes: number;
  connections: Connections;
  signal: AbortSignal;
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

function put(options: UploadOptions, part: number, start: number, end: number): Promise<number> {
  const { edge, streamId, head, body, connections, signal } = options;
  const headers: Record<string, string> = { 'content-length': String(end - start) };
  if (part === 0) {
    headers[PUT_HEADERS.total] = String(body.length);
    headers[PUT_HEADERS.contentType] = head.contentType;
    if (head.etag) headers[PUT_HEADERS.etag] = head.etag;
    if (head.range) headers[PUT_HEADERS.range] = head.range;
  }
  const request = connections.put(`${edge}/agent/v1/streams/${streamId}?part=${part}`, headers, signal);
  return sendBytes(request, options, start, end);
}
