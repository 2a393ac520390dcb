import { type ClientRequest, get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { patternAt } from './pattern.ts';

/** The body ended before its announced end. */
export class BrokenOff extends Error {
  override readonly message = 'the answer broke off';
}

/** An answer that is no part of the film. */
export class Refused extends Error {}

/** Bytes at a place where others belong. */
export class WrongBytes extends Error {
  override readonly message = 'the bytes were not those that were asked for';
}

/** One request for bytes of the film, read no faster than it is asked to: what is not read holds the sender back. */
export class Viewer implements Disposable {
  readonly status: number;
  /** Where in the film the next byte lies. */
  at: number;
  readonly #end: number;
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;
  readonly #pieces: AsyncIterator<Buffer>;

  private constructor(request: ClientRequest, response: IncomingMessage, start: number) {
    this.#request = request;
    this.#response = response;
    this.#pieces = response[Symbol.asyncIterator]();
    this.status = response.statusCode ?? 0;
    this.at = start;
    this.#end = start + Number(response.headers['content-length'] ?? 0);
  }

  /** Asks on a connection of its own for bytes from `start` to before `end`. Rejects where no answer comes. */
  static open(url: string, range: { start: number; end: number }, signal: AbortSignal): Promise<Viewer> {
    const get = url.startsWith('https:') ? getHttps : getHttp;
    const headers = { range: `bytes=${range.start}-${range.end - 1}` };
    return new Promise((resolve, reject) => {
      const request = get(url, { headers, agent: false, signal }, (response) =>
        resolve(new Viewer(request, response, range.start)),
      );
      request.on('error', reject);
    });
  }

  get done(): boolean {
    return this.at >= this.#end;
  }

  /** Reads about so many bytes more, or to the end. Throws Refused, BrokenOff or WrongBytes. */
  async read(bytes: number): Promise<void> {
    if (this.status !== 206) throw new Refused(`the edge answered with ${this.status}`);
    const until = Math.min(this.#end, this.at + bytes);
    while (this.at < until) {
      const piece = await this.#next();
      if (!patternAt(this.at, piece.length).equals(piece)) throw new WrongBytes();
      this.at += piece.length;
    }
  }

  /** What was said where the answer is no part of the film. */
  async words(): Promise<string> {
    const pieces: Buffer[] = [];
    for await (const piece of this.#response) pieces.push(piece as Buffer);
    return Buffer.concat(pieces).toString().slice(0, 2000);
  }

  /** Leaves, whatever is still on its way. */
  [Symbol.dispose](): void {
    this.#request.destroy();
  }

  async #next(): Promise<Buffer> {
    let next: IteratorResult<Buffer>;
    try {
      next = await this.#pieces.next();
    } catch (cause) {
      throw new BrokenOff('', { cause });
    }
    if (next.done) throw new BrokenOff();
    return next.value;
  }
}
