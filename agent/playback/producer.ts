import type { Logger } from 'pino';
import { type Running, start } from '../ffmpeg/process.ts';
import { AgentFailure } from '../link/handlers.ts';
import { nextMove, shouldRead } from './pacing.ts';
import { brokenBy, lostProcess } from './process-failure.ts';
import type { Recipe } from './recipes.ts';
import type { SegmentCache } from './segment-cache.ts';
import { MalformedBoxes } from './segmenter/boxes.ts';
import { type Product, Segmenter } from './segmenter/segmenter.ts';

/** What is asked for: a segment's number, or the init segment, which every process writes first. */
type Wanted = number | 'init';

interface Wish {
  wanted: Wanted;
  resolve(bytes: Buffer): void;
  reject(failure: Error): void;
}

interface Process {
  running: Running;
  segmenter: Segmenter;
  first: number;
  until: number;
  /** Segments made so far. */
  made: number;
  way: number;
}

/** Where a session's viewer is, shared by its renditions: whoever is asked first tells the others. */
export interface Place {
  seconds: number;
}

/** Makes the segments of one rendition for one session: at most one ffmpeg, where the viewer is. */
export class Producer implements AsyncDisposable {
  readonly #ffmpeg: string;
  readonly #path: string;
  readonly #recipe: Recipe;
  readonly #cache: SegmentCache;
  readonly #log: Logger;
  readonly #idleTimer: NodeJS.Timeout;
  readonly #place: Place;
  #wishes: Wish[] = [];
  #process: Process | null = null;
  /** The segment that was asked for last: how far ahead the process may run counts from it. */
  #at = 0;
  #reading = true;
  #resume: (() => void) | null = null;
  #disposed = false;
  /** Which of the recipe's ways is used: the next one after a failure, so that a viewer notices nothing. */
  #way = 0;
  /** Kept, since a running process does not write it again when the cache has dropped it. */
  #init: Buffer | null = null;

  constructor(options: {
    ffmpeg: string;
    path: string;
    recipe: Recipe;
    cache: SegmentCache;
    log: Logger;
    place: Place;
    /** A process that nobody asked anything of for this long is killed; the session stays. */
    idleMs: number;
  }) {
    this.#ffmpeg = options.ffmpeg;
    this.#path = options.path;
    this.#recipe = options.recipe;
    this.#cache = options.cache;
    this.#log = options.log;
    this.#place = options.place;
    this.#idleTimer = setTimeout(() => this.#idle(), options.idleMs);
    this.#idleTimer.unref();
  }

  /** The process that is running now, for those who watch. */
  get pid(): number | undefined {
    return this.#process?.running.pid;
  }

  /** The segment's bytes, made now if need be. Throws an AgentFailure, or the signal's reason. */
  async get(wanted: Wanted, signal: AbortSignal): Promise<Buffer | { path: string; size: number }> {
    signal.throwIfAborted();
    if (wanted !== 'init') {
      if (wanted >= this.#recipe.count) throw new AgentFailure('content', 'not-found', 'The film ends before this.');
      this.#at = wanted;
      this.#place.seconds = this.#recipe.startSeconds(wanted);
      this.#pace();
    }
    this.#idleTimer.refresh();
    await this.#cache.ready;
    if (wanted === 'init' && this.#init) return this.#init;
    // Again while it is there: between the look and the wish, the running process may have made it.
    while (this.#cache.has(this.#recipe.key, nameOf(wanted))) {
      const cached = await this.#cache.get(this.#recipe.key, nameOf(wanted));
      if (cached) return cached;
    }
    signal.throwIfAborted();
    if (this.#disposed) throw ended();
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const wish: Wish = { wanted, resolve, reject };
    this.#wishes.push(wish);
    const leave = () => {
      this.#forget(wish);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#steer();
    return promise.finally(() => signal.removeEventListener('abort', leave));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#idleTimer);
    for (const wish of this.#wishes.splice(0)) wish.reject(ended());
    await this.#stop();
  }

  #steer(): void {
    if (this.#wishes.length === 0 || this.#disposed) return;
    const process = this.#process;
    // Every process writes the init segment first: the one that is begun for it is begun where the viewer is.
    const anywhere = () => process?.segmenter.current ?? segmentAt(this.#recipe, this.#place.seconds);
    const wishes = this.#wishes.map(({ wanted }) => (wanted === 'init' ? anywhere() : wanted));
    const move = nextMove(process ? { next: process.segmenter.current } : null, wishes);
    if (move !== 'go-on') this.#begin(move.startAt);
    this.#pace();
  }

  #begin(k: number): void {
    void this.#stop();
    const way = this.#way;
    const { args, until } = this.#recipe.process(k, way);
    const running = start(this.#ffmpeg, args);
    const process: Process = {
      running,
      segmenter: new Segmenter(this.#recipe.grid, k),
      first: k,
      until,
      made: 0,
      way,
    };
    this.#process = process;
    this.#reading = true;
    this.#log.debug({ rendition: this.#recipe.key, k, pid: running.pid }, 'ffmpeg started');
    void this.#read(process);
  }

  async #read(process: Process): Promise<void> {
    const { running, segmenter } = process;
    let malformed: Error | null = null;
    try {
      for await (const chunk of running.stdout) {
        if (this.#process !== process) return;
        this.#deliver(process, () => segmenter.push(chunk as Buffer));
        this.#pace();
        while (!this.#reading && this.#process === process) await new Promise<void>((go) => (this.#resume = go));
      }
    } catch (error) {
      running.kill();
      malformed = error as Error;
      if (this.#process === process && !(error instanceof MalformedBoxes)) {
        this.#log.error({ err: error }, 'segments could not be made');
      }
    }
    const { code, error } = await running.exit;
    if (this.#process !== process) return;
    if (code === 0 && !malformed) this.#deliver(process, () => segmenter.flush());
    this.#process = null;
    if (error) return this.#fail(process, lostProcess(error));
    if ((code !== 0 || malformed) && process.way + 1 < this.#recipe.ways) {
      this.#log.warn(
        { way: process.way, stderr: running.stderrTail().slice(-300) },
        'an encoder failed; the next one goes on',
      );
      this.#recipe.failed(process.way);
      this.#way = process.way + 1;
      this.#steer();
      return;
    }
    // One that broke off after good segments gets another try from where the viewer is; a second one fails at once.
    if (code === 0 || process.made === 0) this.#fail(process, brokenBy(running.stderrTail(), this.#path, malformed));
    this.#steer();
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
      for (const wish of this.#wishes.filter((each) => each.wanted === wanted)) {
        this.#forget(wish);
        wish.resolve(product.bytes);
      }
    }
    process.made += made.size;
    const after = process.segmenter.current;
    if (after === before) return;
    const passed = (k: Wanted) => k !== 'init' && k >= before && k < after && !made.has(k);
    for (const wish of this.#wishes.filter((each) => passed(each.wanted))) {
      this.#forget(wish);
      wish.reject(new AgentFailure('content', 'content-broken', 'The file has nothing to show here.'));
    }
    this.#steer();
  }

  #fail(process: Process, failure: AgentFailure): void {
    const due = (k: Wanted) => k === 'init' || (k >= process.first && k < process.until);
    for (const wish of this.#wishes.filter((each) => due(each.wanted))) {
      this.#forget(wish);
      wish.reject(failure);
    }
  }

  #forget(wish: Wish): void {
    this.#wishes = this.#wishes.filter((each) => each !== wish);
  }

  /** Not reading is what pauses ffmpeg: its pipe fills, and it sleeps. */
  #pace(): void {
    const process = this.#process;
    if (!process) return;
    const ahead = this.#recipe.startSeconds(process.segmenter.current) - this.#recipe.startSeconds(this.#at);
    this.#reading = this.#wishes.length > 0 || shouldRead(this.#recipe.grid.kind, this.#reading, ahead);
    if (this.#reading) this.#wake();
  }

  #wake(): void {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  #idle(): void {
    if (this.#wishes.length > 0) this.#idleTimer.refresh();
    else void this.#stop();
  }

  async #stop(): Promise<void> {
    const process = this.#process;
    this.#process = null;
    this.#wake();
    if (!process) return;
    process.running.kill();
    process.running.stdout.destroy();
    await process.running.exit;
  }
}

/** The segment that is shown at a time. */
function segmentAt({ count, startSeconds }: Recipe, seconds: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (startSeconds(middle) <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}

function nameOf(wanted: Wanted): string {
  return wanted === 'init' ? 'init' : String(wanted);
}

function ended(): AgentFailure {
  return new AgentFailure('session', 'session-ended', 'The session has ended.');
}
