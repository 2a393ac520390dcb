import type { AgentFrame } from '../../shared/protocol/frames.ts';
import { type Abort, type Failure, failureOf } from './aborts.ts';
import { fromBase64 } from './base64.ts';
import type { LinkCounters } from './metrics.ts';
import { type ByteOrder, failureResponse } from './orders.ts';
import { answersRange, type BodyHead, partLength, readHead, safeEtag, safeType } from './parts.ts';
import { enter, newWatch, type Watch } from './watch.ts';

/** What a PUT is answered with. */
export type PutStatus = 204 | 409 | 410 | 499;

/**
 * One viewer's request for bytes and the agent's PUTs that answer it, brought together. The PUT's body is
 * piped natively into the viewer's response, whose length was announced: a body that breaks off is seen as
 * broken, never taken for complete.
 */
export class Relay {
  readonly kind = 'relay';
  readonly id: string;
  readonly order: ByteOrder;
  readonly watch: Watch;
  /** The viewer's answer. */
  readonly answered: Promise<Response>;
  readonly #startedAt: number;
  readonly #counters: LinkCounters;
  readonly #onEnd: (relay: Relay, how: 'done' | 'failed' | Abort) => void;
  readonly #stop = new AbortController();
  #answer: (response: Response) => void = () => {};
  #ended: 'done' | 'failed' | Abort | null = null;
  #head: BodyHead | null = null;
  #writable: WritableStream<Uint8Array> | null = null;
  #nextPart = 0;
  #sent = 0;

  constructor(
    id: string,
    order: ByteOrder,
    options: {
      now: number;
      deadlineMs: number;
      counters: LinkCounters;
      onEnd: (relay: Relay, how: 'done' | 'failed' | Abort) => void;
    },
  ) {
    this.id = id;
    this.order = order;
    this.watch = newWatch(options.now, options.deadlineMs);
    this.#startedAt = options.now;
    this.#counters = options.counters;
    this.#onEnd = options.onEnd;
    this.answered = new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  /** The whole body came in a frame. */
  inline(frame: Extract<AgentFrame, { type: 'inline' }>, now: number): void {
    if (this.#ended || this.#head) return;
    const { contentType, etag, range } = frame;
    const body = fromBase64(frame.body);
    const fits = body && safeType(contentType) && (etag === null || safeEtag(etag));
    if (!fits || !answersRange(range, body.length, this.order.range)) {
      this.abort('bad-answer');
      return;
    }
    const head: BodyHead = { total: body.length, contentType, etag, contentRange: range };
    this.#begin(head, now);
    this.#answer(new Response(body, this.#init(head)));
    this.#counters.bytesRelayed += body.length;
    this.#end('done');
  }

  /** The agent refused. */
  fail(failure: Failure): void {
    if (this.#ended || this.#head) return;
    this.#answer(failureResponse(failure));
    this.#end('failed');
  }

  /**
   * Relays one part and resolves when the viewer has taken it, not before: a handler that returns early
   * would cut the viewer off. `declared` are the PUT's headers.
   */
  async put(
    part: number | null,
    declared: Headers,
    body: ReadableStream | null,
    now: () => number,
  ): Promise<PutStatus> {
    if (this.#ended) return this.#ended === 'viewer-left' ? 499 : 410;
    if (part !== this.#nextPart || this.watch.phase === 'flowing') return 409;
    const head = this.#head ?? readHead(declared, this.order.range);
    const length = head && partLength(declared, head.total - this.#sent);
    if (!head || length === null) {
      this.abort('broken-put');
      return 409;
    }
    const writable = this.#writable ?? this.#open(head, now());
    const last = this.#sent + length === head.total;
    enter(this.watch, 'flowing', now(), this.#sent + length);
    try {
      await pipe(body, writable, last, this.#stop.signal);
    } catch {
      // Which end broke is only known when it was one of ours; a viewer who left is told by its signal too.
      this.abort('viewer-left');
      return this.#ended === 'viewer-left' ? 499 : 410;
    }
    this.#sent += length;
    this.#counters.bytesRelayed += length;
    if (this.#ended && !last) {
      // It was ended when the pipe had let go and this did not run yet: nobody but this knows of the viewer's stream.
      breakOff(writable);
      return this.#ended === 'viewer-left' ? 499 : 410;
    }
    this.#nextPart++;
    if (this.#ended) return 204;
    if (last) this.#end('done');
    else enter(this.watch, 'between', now());
    return 204;
  }

  /** Ends it: the viewer's answer is a failure, or breaks off where it had begun. */
  abort(reason: Abort): void {
    if (this.#ended) return;
    this.#end(reason);
    if (!this.#writable) {
      this.#answer(failureResponse(failureOf(reason)));
      return;
    }
    // A pipe that holds the stream breaks it off; between two parts none does, and the viewer would hang.
    if (this.watch.phase === 'flowing') this.#stop.abort(new Error(failureOf(reason).detail));
    else breakOff(this.#writable);
  }

  #open(head: BodyHead, now: number): WritableStream<Uint8Array> {
    this.#begin(head, now);
    const { readable, writable } = new FixedLengthStream(head.total);
    this.#writable = writable;
    this.#answer(new Response(readable, this.#init(head)));
    return writable;
  }

  #begin(head: BodyHead, now: number): void {
    this.#head = head;
    this.#counters.sawFirstByte((now - this.#startedAt) / 1000);
  }

  #init(head: BodyHead): ResponseInit {
    const headers = new Headers({ 'content-type': head.contentType, 'content-length': String(head.total) });
    if (head.etag) headers.set('etag', head.etag);
    if (head.contentRange) headers.set('content-range', head.contentRange);
    if (this.order.resource.kind === 'file') headers.set('accept-ranges', 'bytes');
    return { status: head.contentRange ? 206 : 200, headers };
  }

  #end(how: 'done' | 'failed' | Abort): void {
    this.#ended = how;
    this.#onEnd(this, how);
  }
}

async function pipe(
  body: ReadableStream | null,
  writable: WritableStream<Uint8Array>,
  last: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (body) await body.pipeTo(writable, { preventClose: !last, signal });
  else if (last) await writable.close();
}

/** The viewer's connection breaks: he must not take what he has for the whole [BY4]. */
function breakOff(writable: WritableStream<Uint8Array>): void {
  void writable.abort(new Error('The relay was ended')).catch(() => {});
}
