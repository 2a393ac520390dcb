import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../shared/errors.ts';
import { FAILURE_CLASSES, type MadeResource } from '../../../shared/protocol/resources.ts';
import { type FilmSource, READ_HEADERS, READ_PREFIX, type ReadWish } from '../../../shared/protocol/sources.ts';
import { AgentFailure, type ByteAnswer } from '../../link/handlers.ts';
import { READ_FAILURE_HEADER } from '../lending/lending-route.ts';
import type { SignRead } from '../lending/read-proofs.ts';

/** Within a home network a byte comes in milliseconds; a disk that sleeps has woken by then. */
const STALL_MS = 3_000;

/** How long a read is tried again before the machine with the file counts as gone: its agent may be starting anew. */
const PATIENCE_MS = 4_000;
const AGAIN_MS = 200;
const LAST_TRY_MS = 500;

/** The largest font that an agent hands out, and a bit. */
const MAX_MADE_BYTES = 40 * 1024 * 1024;

/** Another agent of the site, as the place where one film lies. */
export class Lender {
  readonly #addresses: readonly string[];
  readonly #ticket: string;
  readonly #sign: SignRead;
  /** The address that answered last. */
  #at = 0;

  constructor({ addresses, ticket }: Pick<FilmSource, 'addresses' | 'ticket'>, sign: SignRead) {
    this.#addresses = addresses;
    this.#ticket = ticket;
    this.#sign = sign;
  }

  /** Bytes `start` to `end` (past the last one) of the file. Throws an AgentFailure, or the signal's reason. */
  async bytes(start: number, end: number, signal: AbortSignal): Promise<Buffer> {
    const { body } = await this.#patiently({ kind: 'bytes', start, end: end - 1 }, end - start, signal);
    if (body.length !== end - start)
      throw new AgentFailure('content', 'content-broken', 'The file has become shorter.');
    return body;
  }

  /** What the machine with the file makes of it. Throws an AgentFailure, or the signal's reason. */
  async made(resource: MadeResource, signal: AbortSignal): Promise<ByteAnswer> {
    return this.#patiently({ kind: 'made', resource }, MAX_MADE_BYTES, signal);
  }

  async #patiently(wish: ReadWish, most: number, signal: AbortSignal): Promise<ByteAnswer & { body: Buffer }> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await this.#once(JSON.stringify(wish), { most, until }, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof AgentFailure && error.class !== 'capacity') throw error;
        if (performance.now() >= until) throw away();
        this.#at = (this.#at + 1) % Math.max(1, this.#addresses.length);
        await sleep(AGAIN_MS, undefined, { signal });
      }
    }
  }

  async #once(
    wish: string,
    { most, until }: { most: number; until: number },
    signal: AbortSignal,
  ): Promise<ByteAnswer & { body: Buffer }> {
    const address = this.#addresses[this.#at];
    if (address === undefined) throw away();
    const stalled = new AbortController();
    const left = Math.max(LAST_TRY_MS, until - performance.now());
    const timer = setTimeout(() => stalled.abort(), Math.min(STALL_MS, left));
    const { ticket: ticketHeader, wish: wishHeader, proof: proofHeader } = READ_HEADERS;
    const proof = this.#sign(this.#ticket, wish);
    try {
      const response = await fetch(`${address}${READ_PREFIX}film`, {
        headers: { [ticketHeader]: this.#ticket, [wishHeader]: wish, [proofHeader]: proof },
        // Whoever answers there may be another machine than the one that is meant: it leads nowhere else.
        redirect: 'error',
        signal: AbortSignal.any([signal, stalled.signal]),
      });
      if (!response.ok) throw await refusalOf(response);
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const piece of response.body ?? []) {
        timer.refresh();
        length += piece.length;
        if (length > most) throw new AgentFailure('content', 'content-broken', 'More came than was asked for.');
        pieces.push(piece);
      }
      const contentType = response.headers.get('content-type') ?? 'application/octet-stream';
      return { contentType, etag: response.headers.get('etag'), body: Buffer.concat(pieces, length) };
    } finally {
      clearTimeout(timer);
    }
  }
}

const away = () => new AgentFailure('liveness', 'agent-offline', 'The machine with the file does not answer.');

async function refusalOf(response: Response): Promise<Error> {
  const known = FAILURE_CLASSES.find((each) => each === response.headers.get(READ_FAILURE_HEADER));
  const problem = Problem.safeParse(await response.json().catch(() => null)).data;
  // Something else than an agent answers at this address.
  if (!known || !problem) return new Error(`answered with ${response.status}`);
  return new AgentFailure(known, problem.code, problem.detail ?? problem.title);
}
