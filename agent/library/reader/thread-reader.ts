import { Worker } from 'node:worker_threads';
import type { Folder } from '../scan/folder.ts';
import type { WalkOptions } from '../scan/walk.ts';
import type { SaidSidecar } from '../sidecar/sidecar.ts';
import type { Content } from './content.ts';
import { fromSent, type ReaderAnswer, type ReaderRequest } from './messages.ts';
import type { Reader } from './reader.ts';

/** The thread holds one folder's names and one film's tables at a time. */
const MAX_THREAD_HEAP_MB = 192;
/** What is read is short-lived: more room for it only grows the process. */
const MAX_YOUNG_HEAP_MB = 12;

type Waiting = { resolve: (value: never) => void; reject: (error: unknown) => void };

/** A thread of its own that reads while this one relays bytes: every call of it blocks on the disk. */
export function openThreadReader(): Reader {
  return new ThreadReader();
}

class ThreadReader implements Reader {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #batches: Extract<ReaderAnswer, { kind: 'folders' }>[] = [];
  #walkFailure: unknown = null;
  #failure: unknown = null;
  #wake = () => {};

  constructor() {
    this.#worker = new Worker(new URL('./thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_THREAD_HEAP_MB, maxYoungGenerationSizeMb: MAX_YOUNG_HEAP_MB },
    });
    this.#worker.on('message', (answer: ReaderAnswer) => this.#take(answer));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('The reading thread ended.')));
  }

  async *walk(options: WalkOptions): AsyncGenerator<Folder> {
    this.#send({ kind: 'walk', options });
    for (;;) {
      const batch = this.#batches.shift();
      if (!batch) {
        if (this.#walkFailure ?? this.#failure) throw this.#walkFailure ?? this.#failure;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      yield* batch.folders;
      if (batch.last) return;
      this.#send({ kind: 'more' });
    }
  }

  content(path: string, size: number): Promise<Content> {
    return this.#ask((id) => ({ kind: 'content', id, path, size }));
  }

  picture(path: string): Promise<string> {
    return this.#ask((id) => ({ kind: 'picture', id, path }));
  }

  sidecar(path: string): Promise<SaidSidecar> {
    return this.#ask((id) => ({ kind: 'sidecar', id, path }));
  }

  #ask<T>(request: (id: number) => ReaderRequest): Promise<T> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send(request(id));
    });
  }

  #send(request: ReaderRequest): void {
    this.#worker.postMessage(request);
  }

  #take(answer: ReaderAnswer): void {
    switch (answer.kind) {
      case 'folders':
        this.#batches.push(answer);
        this.#wake();
        break;
      case 'walk-failed':
        this.#walkFailure = fromSent(answer.error);
        this.#wake();
        break;
      case 'done':
        this.#settle(answer.id)?.resolve(answer.result as never);
        break;
      case 'failed':
        this.#settle(answer.id)?.reject(fromSent(answer.error));
        break;
      default:
        answer satisfies never;
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
