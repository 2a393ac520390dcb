import type { Logger } from 'pino';
import { CALLS, type CallMethod } from '../../shared/protocol/calls.ts';
import {
  type AgentFrame,
  type EdgeFrame,
  MAX_IN_FLIGHT,
  MAX_INLINE_BYTES,
  MAX_PART_BYTES,
} from '../../shared/protocol/frames.ts';
import { type Body, bodyLength, openBody } from './body.ts';
import { AgentFailure, type ByteAnswer, type ByteRequest, type LinkHandlers } from './handlers.ts';
import { Connections, type Flow } from './put.ts';
import { ReadBuffers } from './read-buffers.ts';
import { UplinkLimit } from './uplink-limit.ts';
import { UplinkMeter } from './uplink-meter.ts';
import { upload } from './upload.ts';

/** Below three seconds of silence, after which the edge gives a request up. */
const PROGRESS_MS = 1_000;

/** One connection for each body under way: a paused viewer holds his for as long as he likes. */
const MAX_CONNECTIONS = 256;

export type BytesFrame = Extract<EdgeFrame, { type: 'bytes' }>;
export type CallFrame = Extract<EdgeFrame, { type: 'call' }>;

export interface DispatchOptions {
  edge: string;
  handlers: LinkHandlers;
  log: Logger;
  send: (frame: AgentFrame) => boolean;
  /** Bytes of one PUT at most. */
  partBytes?: number;
  /** Bytes a second that all bodies together may take; null or absent is no limit. */
  uplinkLimit?: number | null;
}

/** Works on what the edge asks, and says each second what it works on. */
export class Dispatch implements AsyncDisposable {
  readonly #options: DispatchOptions;
  readonly #active = new Map<string, { stop: AbortController; moved: number }>();
  readonly #connections: Connections;
  readonly #buffers = new ReadBuffers();
  readonly #limit: UplinkLimit;
  readonly #meter = new UplinkMeter();
  readonly #timer: NodeJS.Timeout;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#connections = new Connections(options.edge, MAX_CONNECTIONS);
    this.#limit = new UplinkLimit(options.uplinkLimit ?? null);
    this.#timer = setInterval(() => this.#sayProgress(), PROGRESS_MS);
  }

  /** Another limit on what all bodies together may take. */
  setUplinkLimit(bytesPerSecond: number | null): void {
    this.#limit.set(bytesPerSecond);
  }

  /** What bytes that leave past the edge must wait for, and are counted by, so that one limit holds for all. */
  flow(viewer: string, signal: AbortSignal): Pick<Flow, 'admit' | 'onMoved'> {
    return {
      admit: (bytes) => this.#limit.admit(viewer, bytes, signal),
      onMoved: (bytes, tookMs) => this.#meter.moved(viewer, bytes, tookMs, performance.now()),
    };
  }

  get active(): number {
    return this.#active.size;
  }

  /** Starts on a request; its answer goes out by itself. A request that is under way already is not begun twice. */
  begin(frame: CallFrame | BytesFrame): void {
    if (this.#active.has(frame.id)) return;
    if (this.#active.size >= MAX_IN_FLIGHT) {
      this.#refuse(frame.id, new AgentFailure('capacity', 'rate-limited', 'Too many requests at once'));
      return;
    }
    const entry = { stop: new AbortController(), moved: 0 };
    this.#active.set(frame.id, entry);
    const moved = (bytes: number) => {
      entry.moved += bytes;
    };
    const { signal } = entry.stop;
    void (frame.type === 'call' ? this.#call(frame, signal) : this.#bytes(frame, entry.stop, moved))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#refuse(frame.id, error);
      })
      .finally(() => this.#active.delete(frame.id));
  }

  /** What the line was measured to carry while nothing flowed, in bytes a second. */
  measured(bytesPerSecond: number): void {
    this.#meter.measured(bytesPerSecond, performance.now());
    this.#options.send({ type: 'progress', ids: [], moved: [], uplink: this.#meter.estimate() });
  }

  /** The edge wants no more of it. */
  cancel(id: string): void {
    this.#active.get(id)?.stop.abort();
  }

  /** The socket is gone, and with it everyone who waited. */
  cancelAll(): void {
    for (const { stop } of this.#active.values()) stop.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.cancelAll();
    this.#connections[Symbol.dispose]();
  }

  async #call(frame: CallFrame, signal: AbortSignal): Promise<void> {
    const method = frame.method as CallMethod;
    const contract = Object.hasOwn(CALLS, method) ? CALLS[method] : null;
    if (!contract) throw new AgentFailure('content', 'bad-request', `This agent knows no call "${frame.method}"`);
    const params = contract.params.safeParse(frame.params);
    if (!params.success) throw new AgentFailure('content', 'bad-request', `Wrong parameters of "${frame.method}"`);
    const late = AbortSignal.any([signal, AbortSignal.timeout(frame.deadlineMs)]);
    const body = await this.#options.handlers.call(method, params.data as never, late);
    if (!signal.aborted) this.#options.send({ type: 'answer', id: frame.id, body });
  }

  async #bytes(frame: BytesFrame, stop: AbortController, onMoved: (bytes: number) => void): Promise<void> {
    const { signal } = stop;
    const { id, session, generation, resource, range } = frame;
    const request: ByteRequest = { session, generation, resource, range };
    const answer = await this.#options.handlers.bytes(request, signal);
    signal.throwIfAborted();
    await using body = await openBody(answer);
    const head = { contentType: answer.contentType, etag: answer.etag, range: rangeOf(answer, request) };
    if (body.length <= MAX_INLINE_BYTES) {
      const whole = await readAll(body);
      this.#options.send({ type: 'inline', id, ...head, body: whole.toString('base64') });
      onMoved(whole.length);
      return;
    }
    const viewer = session ?? 'pictures';
    const outcome = await upload({
      edge: this.#options.edge,
      streamId: id,
      head,
      body,
      partBytes: this.#options.partBytes ?? MAX_PART_BYTES,
      buffers: this.#buffers,
      connections: this.#connections,
      signal,
      admit: (bytes) => this.#limit.admit(viewer, bytes, signal),
      onMoved: (bytes, tookMs) => {
        this.#meter.moved(viewer, bytes, tookMs, performance.now());
        onMoved(bytes);
      },
    });
    if (outcome === 'done') return;
    // The PUT's answer may come before the `cancel`, which then finds nothing here.
    stop.abort();
    this.#options.log.debug({ outcome, resource: resource.kind }, 'viewer left');
  }

  #refuse(id: string, error: unknown): void {
    const failure = failureOf(error);
    // What is no refusal is a fault of this machine: another one may do better.
    if (failure !== error) this.#options.log.error({ err: error }, 'request of the edge failed');
    const detail = failure.message.slice(0, 500);
    this.#options.send({ type: 'failure', id, class: failure.class, code: failure.code, detail });
  }

  #sayProgress(): void {
    if (this.#active.size === 0) return;
    const ids = [...this.#active.keys()];
    const moved = [...this.#active.values()].map((entry) => entry.moved);
    this.#options.send({ type: 'progress', ids, moved, uplink: this.#meter.estimate() });
  }
}

function failureOf(error: unknown): AgentFailure {
  if (error instanceof AgentFailure) return error;
  const late = error instanceof Error && error.name === 'TimeoutError';
  if (late) return new AgentFailure('capacity', 'agent-timeout', 'The agent took too long');
  return new AgentFailure('liveness', 'agent-failed', 'The agent failed');
}

function rangeOf(answer: ByteAnswer, request: ByteRequest): string | null {
  if (request.range === null || answer.body instanceof Uint8Array || bodyLength(answer) === 0) return null;
  return `bytes ${answer.body.start}-${answer.body.end - 1}/${answer.body.size}`;
}

/** A body that fits into a frame. */
async function readAll(body: Body): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += pieces.at(-1)?.length ?? 0) {
    pieces.push(await body.read(at, body.length - at, Buffer.allocUnsafe(body.length - at)));
  }
  return Buffer.concat(pieces);
}
