import type { MadeResource } from '../../../shared/protocol/resources.ts';
import { MAX_READ_BYTES, type ReadTicket, ReadWish } from '../../../shared/protocol/sources.ts';
import type { CopyLookup, IndexedCopy } from '../../library/copies.ts';
import { AgentFailure, type ByteAnswer } from '../../link/handlers.ts';
import { EndedSessions } from '../ended-sessions.ts';
import { fileAnswer } from '../files.ts';
import { provesRead } from './read-proofs.ts';
import { openReadTicket } from './read-tickets.ts';

/** Reads at once, all sessions together: each holds a megabyte, and the disk serves this machine's viewers too. */
const MAX_READS = 32;

/** Of one session: pictures, sound, a subtitle track, and what a seek has left behind. */
const MAX_READS_PER_SESSION = 8;

/** A session whose film was read this long ago still counts as one that reads: ffmpeg runs ahead and rests. */
const READS_ON_MS = 60_000;

/** What one request brings with it. */
export interface ReadRequest {
  ticket: string;
  /** JSON. */
  wish: string;
  proof: string;
}

export interface LendingOptions {
  agentId: string;
  copies: Pick<CopyLookup, 'copy'>;
  /** What this machine makes of a copy: subtitles, previews, fonts. */
  made(copy: IndexedCopy, resource: MadeResource, signal: AbortSignal): Promise<ByteAnswer>;
  /** The key that the edge seals tickets for this agent with; null before it has said it. */
  key(): string | null;
  /** Milliseconds since 1970 by the edge's clock. */
  now(): number;
  /** Somebody reads: what is done for nobody in particular steps aside. */
  onRead?(): void;
}

/** This machine's files, read by other machines of its site that encode them. */
export class Lending {
  readonly #options: LendingOptions;
  readonly #ended = new EndedSessions();
  readonly #reads = new Map<string, Set<AbortController>>();
  readonly #lastReads = new Map<string, number>();

  constructor(options: LendingOptions) {
    this.#options = options;
  }

  /** Sessions elsewhere that read files of this machine. */
  get sessions(): number {
    const now = performance.now();
    for (const [session, at] of this.#lastReads) {
      if (now - at > READS_ON_MS && !this.#reads.has(session)) this.#lastReads.delete(session);
    }
    return this.#lastReads.size;
  }

  /** A session is over up to a generation: what it reads is broken off, and its tickets are good for nothing. */
  close(session: string, generation: number): void {
    this.#ended.note(session, generation);
    this.#lastReads.delete(session);
    for (const read of this.#reads.get(session) ?? []) read.abort(over());
  }

  /**
   * Answers one read, and gives it to `send` while it counts. Throws an AgentFailure: `session` for a ticket that is
   * not good (any more), `content` for a file that is not there as it was, `capacity` where too much is read.
   */
  async read(
    request: ReadRequest,
    signal: AbortSignal,
    send: (answer: ByteAnswer, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const ticket = this.#open(request);
    const wish = ReadWish.safeParse(parseJson(request.wish)).data;
    if (!wish) throw new AgentFailure('content', 'bad-request', 'This cannot be read.');
    const copy = this.#options.copies.copy({ root: ticket.root, pathHash: ticket.pathHash });
    if (copy?.fingerprint !== ticket.fingerprint) {
      throw new AgentFailure('content', 'not-found', 'The file is no longer there, or was replaced by another.');
    }
    const reads = this.#reads.get(ticket.session) ?? new Set();
    const all = [...this.#reads.values()].reduce((sum, each) => sum + each.size, 0);
    if (reads.size >= MAX_READS_PER_SESSION || all >= MAX_READS) {
      throw new AgentFailure('capacity', 'rate-limited', 'Too much is read of this machine at once.');
    }
    const abort = new AbortController();
    reads.add(abort);
    this.#reads.set(ticket.session, reads);
    this.#lastReads.set(ticket.session, performance.now());
    this.#options.onRead?.();
    const either = AbortSignal.any([signal, abort.signal]);
    try {
      const answer = await this.#answer(copy, wish, either);
      either.throwIfAborted();
      await send(answer, either);
    } finally {
      reads.delete(abort);
      if (reads.size === 0) this.#reads.delete(ticket.session);
    }
  }

  #open({ ticket: word, wish, proof }: ReadRequest): ReadTicket {
    const { agentId, key, now } = this.#options;
    const known = key();
    // After a start, until the edge has said it: the reader asks again a moment later.
    if (known === null)
      throw new AgentFailure('capacity', 'unavailable', 'This machine is not linked to its server yet.');
    const ticket = openReadTicket(known, word);
    if (ticket?.lender !== agentId || now() >= ticket.expiresAt) throw refused();
    if (!provesRead(ticket.readerKey, word, wish, proof)) throw refused();
    if (ticket.generation <= this.#ended.generation(ticket.session)) throw over();
    return ticket;
  }

  #answer(copy: IndexedCopy, wish: ReadWish, signal: AbortSignal): Promise<ByteAnswer> {
    if (wish.kind === 'made') return this.#options.made(copy, wish.resource, signal);
    const { start, end } = wish;
    if (end < start || end - start >= MAX_READ_BYTES) {
      throw new AgentFailure('content', 'bad-request', `A read has ${MAX_READ_BYTES} bytes at most.`);
    }
    return fileAnswer(copy, { start, end });
  }
}

const refused = () => new AgentFailure('session', 'ticket-invalid', 'The ticket is not valid here.');
const over = () => new AgentFailure('session', 'session-ended', 'The session has ended.');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
