import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { MAX_READ_BYTES } from '../../../shared/protocol/sources.ts';
import type { FilmInput } from '../film.ts';

/** What one of this machine's processes reads as if it were a web server's file. */
export interface ServedFilm {
  size: number;
  contentType: string;
  /** Bytes `start` to `end` (past the last one). */
  bytes(start: number, end: number, signal: AbortSignal): Promise<Buffer>;
  /** They cannot be had any more. Called before the connection ends: an end must not be taken for the film's. */
  lost(error: unknown): void;
}

/** The first read after a seek: a container's index is often a few KB. */
const FIRST_READ_BYTES = 128 * 1024;
const GROWTH = 4;

/** Never resolved: ffmpeg asks the proxy for it, and where it would not, there is nothing of this name. */
const HOST = 'film.invalid';

/**
 * Films that lie elsewhere, for ffmpeg on this machine. It listens on 127.0.0.1 alone and answers only who knows a
 * film's own secret. That goes to ffmpeg as its proxy's password, in the environment of its process: what stands on a
 * command line, everybody on the machine can read.
 */
export class Loopback implements AsyncDisposable {
  readonly #films = new Map<string, { secret: Buffer; film: ServedFilm }>();
  #server: Promise<Server> | null = null;

  /** Serves a film until the end of it. */
  async serve(film: ServedFilm): Promise<{ input: FilmInput } & Disposable> {
    this.#server ??= this.#listen();
    const address = (await this.#server).address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const id = randomBytes(9).toString('base64url');
    const secret = randomBytes(24).toString('base64url');
    this.#films.set(id, { secret: Buffer.from(secret), film });
    const env = { http_proxy: `http://${id}:${secret}@127.0.0.1:${port}`, no_proxy: '' };
    return {
      input: { url: `http://${HOST}/${id}`, protocols: 'http,tcp,pipe', env },
      [Symbol.dispose]: () => void this.#films.delete(id),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = await this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async #listen(): Promise<Server> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const film = this.#filmOf(request.headers['proxy-authorization']);
    if (!film) {
      // ffmpeg says its password when it is asked for it.
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="film"', 'content-length': 0 }).end();
      return;
    }
    const range = rangeOf(request.headers.range, film.size);
    if (!range) {
      response.writeHead(416, { 'content-range': `bytes */${film.size}`, 'content-length': 0 }).end();
      return;
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { start, end } = range;
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      ...{ 'content-type': film.contentType, 'accept-ranges': 'bytes', 'content-length': end - start },
      ...(request.headers.range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${film.size}` }),
    });
    try {
      await pour(film, range, response, gone.signal);
    } catch (error) {
      if (!gone.signal.aborted) film.lost(error);
      response.destroy();
    }
  }

  #filmOf(authorization: string | undefined): ServedFilm | null {
    const [, word = ''] = /^Basic (\S+)$/.exec(authorization ?? '') ?? [];
    const [id = '', said = ''] = Buffer.from(word, 'base64').toString('utf8').split(':');
    const known = this.#films.get(id);
    const given = Buffer.from(said);
    return known && given.length === known.secret.length && timingSafeEqual(given, known.secret) ? known.film : null;
  }
}

/** Piece by piece, each in memory as a whole: while ffmpeg rests, nothing is open at the other machine. */
async function pour(
  film: ServedFilm,
  { start, end }: { start: number; end: number },
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  let most = FIRST_READ_BYTES;
  for (let at = start; at < end; ) {
    const piece = await film.bytes(at, Math.min(end, at + most), signal);
    at += piece.length;
    most = Math.min(MAX_READ_BYTES, most * GROWTH);
    if (!response.write(piece)) await once(response, 'drain', { signal });
  }
  response.end();
}

/** One range, as ffmpeg asks; the end is past the last byte. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | null {
  if (header === undefined) return { start: 0, end: size };
  const [, from = '', to = ''] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header) ?? [];
  const start = Number(from);
  const end = to === '' ? size : Math.min(size, Number(to) + 1);
  return from !== '' && start < end ? { start, end } : null;
}
