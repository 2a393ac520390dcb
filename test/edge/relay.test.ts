import { expect, it } from 'vitest';
import { LinkCounters } from '../../edge/link/metrics.ts';
import type { ByteOrder } from '../../edge/link/orders.ts';
import { Relay } from '../../edge/link/relay.ts';
import { PUT_HEADERS } from '../../shared/protocol/frames.ts';

const ORDER: ByteOrder = { session: null, generation: 0, resource: { kind: 'file' }, range: null };
const PART = 1_000;

function relayOf(ends: string[]): Relay {
  return new Relay('id', ORDER, {
    ...{ now: 0, deadlineMs: 1_000, counters: new LinkCounters() },
    onEnd: (_, how) => ends.push(how),
  });
}

function headersOf(total: number): Headers {
  const about = { [PUT_HEADERS.contentType]: 'video/mp4', [PUT_HEADERS.total]: String(total) };
  return new Headers({ 'content-length': String(PART), ...about });
}

/** A part whose pipe has let go of the viewer's stream when `then` is called, before who waits for it can run. */
function partThen(then: () => void): ReadableStream {
  return {
    async pipeTo(viewer: WritableStream<Uint8Array>, { preventClose = false } = {}) {
      const writer = viewer.getWriter();
      await writer.write(new Uint8Array(PART));
      if (!preventClose) await writer.close();
      writer.releaseLock();
      then();
    },
  } as Partial<ReadableStream> as ReadableStream;
}

/** What a viewer has in the end: all of it, or a connection that broke. */
function taken(response: Response): Promise<string> {
  return response.arrayBuffer().then(
    () => 'whole',
    () => 'broken',
  );
}

it('[BY4] [LV4] a body breaks off that is ended just when one of its parts has gone through', async () => {
  const ends: string[] = [];
  const relay = relayOf(ends);
  const body = partThen(() => relay.abort('socket-closed'));
  const put = relay.put(0, headersOf(2 * PART), body, () => 0);
  expect(await taken(await relay.answered)).toBe('broken');
  expect(await put).toBe(410);
  expect(ends).toEqual(['socket-closed']);
});

it('[BY4] a body that is ended just when its last part has gone through is whole, and its end is told once', async () => {
  const ends: string[] = [];
  const relay = relayOf(ends);
  const body = partThen(() => relay.abort('socket-closed'));
  const put = relay.put(0, headersOf(PART), body, () => 0);
  expect(await taken(await relay.answered)).toBe('whole');
  expect(await put).toBe(204);
  expect(ends).toEqual(['socket-closed']);
});
