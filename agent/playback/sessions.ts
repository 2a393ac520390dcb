import type { Logger } from 'pino';
import type { CallAnswer, CallParams } from '../../shared/protocol/calls.ts';
import type { Capabilities, OpenSession } from '../../shared/protocol/capabilities.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import type { Resource } from '../../shared/protocol/resources.ts';
import { AgentFailure, type ByteAnswer, type ByteRequest } from '../link/handlers.ts';
import { EndedSessions } from './ended-sessions.ts';
import { fileAnswer } from './files.ts';
import type { Film } from './film.ts';
import { type Makers, madeOf } from './made.ts';
import { borrowedFilm, indexedFilm, type OpeningOptions, prepared } from './opening.ts';
import { Producer } from './producer.ts';
import { Producers } from './producers.ts';
import type { Recipe } from './recipes.ts';
import type { SegmentCache } from './segment-cache.ts';
import { admission, leaveOthers, type Session } from './session.ts';

export interface SessionsOptions extends Makers, OpeningOptions {
  cache: SegmentCache;
  capabilities: Pick<Capabilities, 'transcodeSlots'>;
  leaseMs: number;
  idleMs: number;
  stallMs: number;
  log: Logger;
  onEvent(event: AgentEvent): void;
}

type SessionResource = Exclude<Resource, { kind: 'image' | 'still' }>;

/** The sessions that are open on this machine, their leases and slots. */
export class Sessions implements AsyncDisposable {
  readonly #options: SessionsOptions;
  readonly #open = new Map<string, Session>();
  readonly #ended = new EndedSessions();
  readonly #producers = new Producers();
  readonly #sweep: NodeJS.Timeout;
  #draining = false;
  /** Producers that are being stopped: their processes are ours until they are gone. */
  readonly #stopping = new Set<Promise<void>>();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#expire(Date.now()), Math.max(10, options.leaseMs / 10));
    this.#sweep.unref();
  }

  async open(params: CallParams<'session.open'>, signal: AbortSignal): Promise<CallAnswer<'session.open'>> {
    const existing = this.#open.get(params.session) ?? null;
    // As if it were gone already, so that the session goes to another machine.
    if (this.#draining && existing?.generation !== params.generation) {
      throw new AgentFailure('liveness', 'agent-offline', 'This machine is about to be stopped.');
    }
    const slot = params.plan.video.some(({ action }) => action === 'transcode');
    const decision = admission(
      { generation: params.generation, slot },
      { open: existing, endedGeneration: this.#ended.generation(params.session), ...this.slots() },
    );
    switch (decision) {
      case 'same':
        return (existing as Session).answer;
      case 'stale':
        throw new AgentFailure('session', 'session-ended', 'A newer generation of this session was here.');
      case 'full':
        throw new AgentFailure('capacity', 'capacity-full', 'This machine is busy with other viewers.');
      case 'replace':
        this.#end(existing as Session, null);
        break;
      case 'admit':
        break;
      default:
        decision satisfies never;
    }
    return this.#admit(params, slot, signal);
  }

  close({ session, generation }: CallParams<'session.close'>): void {
    const open = this.#open.get(session);
    if (open && open.generation > generation) return;
    if (open) this.#end(open, null);
    this.#ended.note(session, generation);
  }

  async bytes(
    request: Omit<ByteRequest, 'resource'> & { resource: SessionResource },
    signal: AbortSignal,
  ): Promise<ByteAnswer> {
    const session = request.session === null ? undefined : this.#open.get(request.session);
    if (!session || session.generation !== request.generation) {
      throw new AgentFailure('session', 'session-ended', 'This machine does not have the session.');
    }
    session.answering++;
    try {
      return await this.#answer(session, request, signal);
    } finally {
      session.answering--;
      session.usedAt = Date.now();
    }
  }

  async #answer(
    session: Session,
    request: Omit<ByteRequest, 'resource'> & { resource: SessionResource },
    signal: AbortSignal,
  ): Promise<ByteAnswer> {
    // One that is still being opened, by a call that overtook nothing, is waited for.
    await session.answer;
    const { resource } = request;
    const film = filmOf(session);
    switch (resource.kind) {
      case 'file':
        return fileAnswer(film.copy, request.range);
      case 'subtitle':
      case 'trickplay':
      case 'font':
        return film.made(resource, signal) ?? madeOf(this.#options, film.copy, resource, signal);
      case 'init':
        return this.#segment(session, resource.rendition, 'init', signal);
      case 'segment':
        return this.#segment(session, resource.rendition, resource.k, signal);
      default:
        return resource satisfies never;
    }
  }

  list(): OpenSession[] {
    return [...this.#open.values()].map(({ id, generation }) => ({ id, generation }));
  }

  /** Whether a film is being watched from here. */
  watches(fingerprint: string): boolean {
    return [...this.#open.values()].some(({ film }) => film?.copy.fingerprint === fingerprint);
  }

  /** Aborts when a generation of a session is over here; null where it is not open. */
  lifeOf(id: string, generation: number): AbortSignal | null {
    const session = this.#open.get(id);
    return session?.generation === generation ? session.abort.signal : null;
  }

  /** Bytes of it move: it lives on. */
  used(id: string): void {
    const session = this.#open.get(id);
    if (session) session.usedAt = Date.now();
  }

  get draining(): boolean {
    return this.#draining;
  }

  slots(): { used: number; total: number } {
    let used = 0;
    for (const session of this.#open.values()) if (session.slot) used++;
    return { used, total: this.#options.capabilities.transcodeSlots };
  }

  processes(): number[] {
    return [...this.#open.values()]
      .flatMap((session) => [...session.producers.values()])
      .map(({ pid }) => pid)
      .filter((pid) => pid !== undefined);
  }

  /** Takes nothing new, or viewers again. What is open plays on, until the edge has handed it over. */
  drain(draining: boolean): void {
    this.#draining = draining;
    this.tellLoad();
  }

  /** Ends what is open, so that other machines take over; bodies that are on their way are finished. */
  endAll(): void {
    for (const session of [...this.#open.values()]) this.#end(session, 'shutdown');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweep);
    this.drain(true);
    this.endAll();
    await Promise.all(this.#stopping);
  }

  /** Takes the slot before anything is awaited: two openings at once cannot both get the last one. */
  async #admit(
    params: CallParams<'session.open'>,
    slot: boolean,
    signal: AbortSignal,
  ): Promise<CallAnswer<'session.open'>> {
    const film = params.source ? null : indexedFilm(this.#options, params);
    const recipes = new Map<string, Recipe>();
    const abort = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<CallAnswer<'session.open'>>();
    const session: Session = {
      id: params.session,
      generation: params.generation,
      film,
      slot,
      usedAt: Date.now(),
      answering: 0,
      recipes,
      producers: new Map(),
      place: { seconds: (params.startMs ?? 0) / 1000 },
      answer: promise,
      abort,
    };
    promise.catch(() => {});
    this.#open.set(session.id, session);
    if (slot) this.tellLoad();
    try {
      const prepared = await this.#prepare(session, params, AbortSignal.any([signal, abort.signal]));
      for (const [id, recipe] of prepared.recipes) recipes.set(id, recipe);
      // Begun before the first segment is asked for, which says what is wrong where it fails.
      if (this.#open.get(session.id) === session) {
        for (const recipe of recipes.values()) recipe.ready(abort.signal).catch(() => {});
      }
      resolve(prepared.answer);
    } catch (error) {
      // It was never open: the same generation may be tried again.
      if (this.#open.get(session.id) === session) this.#remove(session);
      reject(error);
    }
    return promise;
  }

  async #prepare(session: Session, params: CallParams<'session.open'>, signal: AbortSignal) {
    if (!session.film) {
      const film = await borrowedFilm(this.#options, params, signal);
      session.film = film;
      // It ended meanwhile, and nobody else would let go of what has just been opened.
      if (this.#open.get(session.id) !== session) await film[Symbol.asyncDispose]();
    }
    return prepared(this.#options, filmOf(session), params, signal);
  }

  async #segment(session: Session, id: string, wanted: number | 'init', signal: AbortSignal): Promise<ByteAnswer> {
    const { binaries, cache, idleMs, stallMs, log } = this.#options;
    const recipe = session.recipes.get(id);
    if (!recipe || !binaries) throw new AgentFailure('content', 'not-found', 'The session has no such rendition.');
    if (this.#open.get(session.id) !== session) {
      throw new AgentFailure('session', 'session-ended', 'The session has ended.');
    }
    const { place } = session;
    let producer = session.producers.get(id);
    if (!producer) {
      const { ffmpeg } = binaries;
      producer = new Producer({ ffmpeg, film: filmOf(session), recipe, cache, log, idleMs, stallMs, place });
      session.producers.set(id, producer);
      this.#producers.add(recipe.key, producer);
    }
    if (wanted !== 'init') leaveOthers(session, recipe, producer);
    const made = await this.#producers.get(recipe.key, producer, wanted, signal);
    const body = Buffer.isBuffer(made) ? made : { ...made, start: 0, end: made.size };
    return { contentType: recipe.contentType, etag: `"${recipe.key}-${wanted}"`, body };
  }

  #expire(now: number): void {
    for (const session of [...this.#open.values()]) {
      if (session.answering === 0 && now - session.usedAt > this.#options.leaseMs) this.#end(session, 'lease');
    }
  }

  /** `reason` null: the edge knows, or a newer generation takes its place. */
  #end(session: Session, reason: 'lease' | 'shutdown' | null): void {
    session.abort.abort(new AgentFailure('session', 'session-ended', 'The session has ended.'));
    this.#ended.note(session.id, session.generation);
    this.#remove(session);
    const { id, generation } = session;
    if (reason) this.#options.onEvent({ kind: 'session.ended', session: id, generation, reason });
  }

  #remove(session: Session): void {
    this.#open.delete(session.id);
    for (const [id, producer] of session.producers)
      this.#producers.remove(session.recipes.get(id)?.key ?? '', producer);
    const stopped = stop(session);
    this.#stopping.add(stopped);
    void stopped.finally(() => this.#stopping.delete(stopped));
    void session.film?.[Symbol.asyncDispose]();
    if (session.slot) this.tellLoad();
  }

  /** Tells how busy the machine is. */
  tellLoad(): void {
    const { used, total } = this.slots();
    const event = { kind: 'capacity', slotsUsed: used, slotsTotal: total } as const;
    this.#options.onEvent(this.#draining ? { ...event, draining: true } : event);
  }
}

/** Ends a session's processes, and lets go of what they worked with. */
async function stop({ producers, recipes }: Session): Promise<void> {
  await Promise.all([...producers.values()].map((producer) => producer[Symbol.asyncDispose]()));
  await Promise.all([...recipes.values()].map((recipe) => recipe.release()));
}

/** Requests are answered once the session is open, and its film with it. */
function filmOf({ film }: Session): Film {
  if (!film) throw new AgentFailure('session', 'session-ended', 'The session has ended.');
  return film;
}
