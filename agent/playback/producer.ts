import type { Logger } from 'pino';
import { type Running, start } from '../ffmpeg/process.ts';
import { AgentFailure } from '../link/handlers.ts';
import type { Film } from './film.ts';
import { Gaps } from './gaps.ts';
import { isWithin, nextMove, type Place, shouldRead } from './pacing.ts';
import { brokenBy, ended, lostProcess, nothingHere } from './process-failure.ts';
import { type Recipe, segmentAt } from './recipes.ts';
import type { SegmentCache } from './segment-cache.ts';
import { MalformedBoxes } from './segmenter/boxes.ts';
import { type Product, Segmenter } from './segmenter/segmenter.ts';
import { Elsewhere, type Made, nameOf, type Wanted, Wishes } from './wishes.ts';

interface Process {
  running: Running;
  segmenter: Segmenter;
  first: number;
  until: number;
  /** Segments made so far. */
  made: number;
  way: number;
  /** Whether it makes up what the file lacks. */
  pads: boolean;
  /** Ends a chip that has fallen silent. Null for what may take its time. */
  watchdog: NodeJS.Timeout | null;
}

export interface ProducerOptions {
  ffmpeg: string;
  film: Pick<Film, 'input' | 'onLost'>;
  recipe: Recipe;
  cache: SegmentCache;
  log: Logger;
  place: Place;
  /** A process that nobody asked anything of for this long is killed; the session stays. */
  idleMs: number;
  /** A chip that has made nothing for this long while a viewer waits is taken for hung. */
  stallMs: number;
}

/** Makes the segments of one rendition for one session: at most one ffmpeg, where the viewer is. */
export class Producer implements AsyncDisposable {
  readonly #options: ProducerOptions;
  readonly #recipe: Recipe;
  readonly #cache: SegmentCache;
  readonly #idleTimer: NodeJS.Timeout;
  readonly #wishes = new Wishes();
  #process: Process | null = null;
  /** The segment that was asked for last: how far ahead the process may run counts from it. */
  #at = 0;
  #reading = true;
  #resume: (() => void) | null = null;
  #disposed = false;
  /** Ways that failed in this session: the next one goes on where they stopped, so that a viewer notices nothing. */
  readonly #failed = new Set<number>();
  /** Those of them that are to blame as soon as another way shows that the file is sound, with what they said. */
  #suspects: { way: number; said: string }[] = [];
  readonly #gaps = new Gaps();
  /** What its own viewer is about to ask for: two who begin together come in the same turn. */
  #coming: Wanted[] = [];
  /** Kept, since a running process does not write it again when the cache has dropped it. */
  #init: Buffer | null = null;

  constructor(options: ProducerOptions) {
    this.#options = options;
    this.#recipe = options.recipe;
    this.#cache = options.cache;
    this.#idleTimer = setTimeout(() => this.#idle(), options.idleMs);
    this.#idleTimer.unref();
  }

  /** The process that is running now, for those who watch. */
  get pid(): number | undefined {
    return this.#process?.running.pid;
  }

  /** Whether what is wanted is on its way here, so that another session's viewer may wait for it. */
  reaches(wanted: Wanted): boolean {
    const process = this.#process;
    if (wanted === 'init') return this.#init !== null || process !== null || this.#coming.length > 0;
    if (process) return wanted < process.until && isWithin(process.segmenter.current, wanted);
    return this.#coming.some((k) => k !== 'init' && isWithin(k, wanted));
  }

  /**
   * The segment's bytes, made now if need be; for a guest only if they are on their way. Throws an AgentFailure,
   * Elsewhere for a guest, or the signal's reason.
   */
  async get(wanted: Wanted, signal: AbortSignal, { guest = false } = {}): Promise<Made> {
    signal.throwIfAborted();
    if (wanted !== 'init') {
      if (wanted >= this.#recipe.count) throw new AgentFailure('content', 'not-found', 'The film ends before this.');
      this.moved(wanted, guest);
    }
    this.#idleTimer.refresh();
    if (!guest) this.#coming.push(wanted);
    const cached = await this.#found(wanted, signal).finally(() => {
      if (!guest) this.#coming.splice(this.#coming.indexOf(wanted), 1);
    });
    if (cached) return cached;
    signal.throwIfAborted();
    if (guest && !this.reaches(wanted)) throw new Elsewhere();
    if (this.#disposed) throw ended();
    const promise = this.#wishes.add(wanted, guest, signal);
    this.#steer();
    return promise;
  }

  /** What is in the cache; where it is not, all is ready to make it. */
  async #found(wanted: Wanted, signal: AbortSignal): Promise<Made | null> {
    return (await this.#cached(wanted)) ?? this.#recipe.ready(signal).then(() => this.#cached(wanted));
  }

  async #cached(wanted: Wanted): Promise<Made | null> {
    await this.#cache.ready;
    if (wanted === 'init' && this.#init) return this.#init;
    // Again while it is there: between the look and the wish, the running process may have made it.
    while (this.#cache.has(this.#recipe.key, nameOf(wanted))) {
      const cached = await this.#cache.get(this.#recipe.key, nameOf(wanted));
      if (cached) return cached;
    }
    return null;
  }

  /** The viewer is at this segment now, whoever makes it. */
  moved(k: number, guest = false): void {
    this.#at = k;
    if (!guest) this.#options.place.seconds = this.#recipe.startSeconds(k);
    this.#pace();
  }

  /** The viewer watches another rendition: a process that nobody waits for is of no use any more. */
  left(): void {
    if (this.#wishes.size === 0 && this.#coming.length === 0) void this.#stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#idleTimer);
    this.#wishes.refuse((_, guest) => guest, new Elsewhere());
    this.#wishes.refuse(() => true, ended());
    await this.#stop();
  }

  #steer(): void {
    const own = this.#wishes.own();
    if (own.length > 0 && !this.#disposed) {
      const process = this.#process;
      // Every process writes the init segment first: the one that is begun for it is begun where the viewer is.
      const anywhere = () => process?.segmenter.current ?? segmentAt(this.#recipe, this.#options.place.seconds);
      const wishes = own.map((wanted) => (wanted === 'init' ? anywhere() : wanted));
      const move = nextMove(process ? { next: process.segmenter.current } : null, wishes);
      if (move !== 'go-on') this.#begin(move.startAt);
    }
    this.#wishes.refuse((wanted, guest) => guest && !this.reaches(wanted), new Elsewhere());
    this.#pace();
  }

  #begin(k: number): void {
    void this.#stop();
    const { recipe, ffmpeg, film, log, stallMs } = this.#options;
    const behind = this.#gaps.behind(k, recipe.count);
    const way = recipe.way(this.#failed, behind !== null) ?? 0;
    const { args, cwd, until, pads, onChip } = recipe.process(k, way, behind ?? recipe.count);
    const running = start(ffmpeg, args, { env: film.input.env, ...(cwd === undefined ? {} : { cwd }) });
    const release = recipe.began(way);
    void running.exit.then(release);
    const watchdog = onChip ? setTimeout(() => this.#bark(process), stallMs) : null;
    watchdog?.unref();
    const segmenter = new Segmenter(recipe.grid, k);
    void running.exit.then(film.onLost((failure) => this.#lost(process, failure)));
    const process: Process = { running, segmenter, first: k, until, made: 0, way, pads, watchdog };
    this.#process = process;
    this.#reading = true;
    log.debug({ rendition: recipe.key, k, pid: running.pid }, 'ffmpeg started');
    void this.#read(process);
  }

  async #read(process: Process): Promise<void> {
    const { running, segmenter } = process;
    let malformed: Error | null = null;
    try {
      for await (const chunk of running.stdout) {
        if (this.#process !== process) return;
        process.watchdog?.refresh();
        this.#deliver(process, () => segmenter.push(chunk as Buffer));
        this.#pace();
        while (!this.#reading && this.#process === process) await new Promise<void>((go) => (this.#resume = go));
      }
    } catch (error) {
      running.kill();
      malformed = error as Error;
      if (this.#process === process && !(error instanceof MalformedBoxes)) {
        this.#options.log.error({ err: error }, 'segments could not be made');
      }
    }
    const { code, error } = await running.exit;
    if (process.watchdog) clearTimeout(process.watchdog);
    if (this.#process !== process) return;
    const well = code === 0 && !malformed;
    // What lies behind a mended hole is not this process's: there only the beginning of a segment came.
    if (well) this.#deliver(process, () => segmenter.flush(process.pads && segmenter.current < process.until));
    // A gap that only the end showed is being mended already.
    if (this.#process !== process) return;
    this.#process = null;
    if (error) this.#fail(process, lostProcess(error));
    else if (well && !process.pads && segmenter.current < process.until) this.#gaps.endsAt(segmenter.current);
    else if (well) this.#fail(process, brokenBy(running.stderrTail(), this.#options.film.input.url));
    else this.#broke(process, malformed);
    this.#steer();
  }

  /** The next way goes on; when none is left, the file is to blame and not the chips. */
  #broke({ way, running, ...process }: Process, malformed: Error | null): void {
    const said = running.stderrTail();
    if (this.#recipe.way(new Set([...this.#failed, way]), true) !== null) {
      this.#options.log.warn({ way, stderr: said.slice(-300) }, 'an encoder failed; the next one goes on');
      this.#failed.add(way);
      this.#suspects.push({ way, said });
    } else if (process.made === 0) {
      // One that broke off after good segments gets another try from where the viewer is instead.
      this.#suspects = [];
      this.#fail({ ...process, way, running }, brokenBy(said, this.#options.film.input.url, malformed));
    }
  }

  /** Hands out what became whole, and refuses what this process went past without being able to make it. */
  #deliver(process: Process, make: () => Product[]): void {
    const before = process.segmenter.current;
    const made = new Set<number>();
    for (const product of make()) {
      const wanted = product.kind === 'init' ? 'init' : product.k;
      if (wanted === 'init') this.#init = product.bytes;
      else made.add(wanted);
      this.#cache.put(this.#recipe.key, nameOf(wanted), product.bytes);
      this.#wishes.fulfil(wanted, product.bytes);
    }
    process.made += made.size;
    if (made.size > 0) for (const { way, said } of this.#suspects.splice(0)) this.#recipe.failed(way, said);
    const after = process.segmenter.current;
    if (after === before) return;
    const passed = (k: Wanted) => k !== 'init' && k >= before && k < after && !made.has(k);
    if (!process.pads && this.#recipe.way(this.#failed, true) !== null) this.#gaps.passed(before, after, made);
    else this.#wishes.refuse(passed, nothingHere());
    this.#steer();
  }

  /** The film cannot be read any more: a process that met an end in it would make up what is missing. */
  #lost(process: Process, failure: AgentFailure): void {
    if (this.#process !== process) return;
    void this.#stop();
    this.#fail(process, failure);
    this.#steer();
  }

  #fail({ first, until }: Process, failure: AgentFailure): void {
    this.#wishes.refuse((k) => k === 'init' || (k >= first && k < until), failure);
  }

  /** Not reading is what pauses ffmpeg: its pipe fills, and it sleeps. */
  #pace(): void {
    const process = this.#process;
    if (!process) return;
    const ahead = this.#recipe.startSeconds(process.segmenter.current) - this.#recipe.startSeconds(this.#at);
    const reading = this.#wishes.size > 0 || shouldRead(this.#recipe.grid.kind, this.#reading, ahead);
    if (reading && !this.#reading) process.watchdog?.refresh();
    this.#reading = reading;
    if (reading) this.#wake();
  }

  #wake(): void {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  /** A driver that hangs says nothing and never ends: killed, its process counts as failed. */
  #bark(process: Process): void {
    if (this.#process !== process) return;
    if (this.#wishes.size > 0) process.running.kill();
    else process.watchdog?.refresh();
  }

  #idle(): void {
    if (this.#wishes.size > 0) this.#idleTimer.refresh();
    else void this.#stop();
  }

  async #stop(): Promise<void> {
    const process = this.#process;
    this.#process = null;
    this.#wake();
    if (!process) return;
    if (process.watchdog) clearTimeout(process.watchdog);
    process.running.kill();
    process.running.stdout.destroy();
    await process.running.exit;
  }
}
