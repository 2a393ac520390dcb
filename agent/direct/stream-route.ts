import type { IncomingMessage, ServerResponse } from 'node:http';
import { HearthcastError } from '../../shared/errors.ts';
import { decideRange } from '../../shared/media/byte-range.ts';
import { mediaHeaders } from '../../shared/media/media-headers.ts';
import {
  DirectNonce,
  type DirectTicket,
  MAX_DIRECT_OF_AGENT,
  MAX_DIRECT_OF_SESSION,
} from '../../shared/protocol/direct.ts';
import { type NamedResource, resourceAt } from '../../shared/protocol/resource-path.ts';
import { openBody } from '../link/body.ts';
import { AgentFailure, type ByteAnswer } from '../link/handlers.ts';
import { type Flow, writeBytes } from '../link/put.ts';
import { ReadBuffers } from '../link/read-buffers.ts';
import type { Playback } from '../playback/playback.ts';
import { corsHeaders } from './cors.ts';
import type { DirectRoute } from './listener.ts';

/** A body that moves no byte for so long is ended, as over the edge [LV6]: the player asks again by range. */
const STALLED_MS = 60_000;

export interface StreamDeps {
  /** The ticket of a word; null for one that is not good here and now. */
  ticketOf(word: string): DirectTicket | null;
  /** Aborts when tickets of now are good no more. */
  granted(): AbortSignal;
  /** Whether this machine may serve at all: it has been in touch with the edge. */
  mayServe(): boolean;
  /** This machine's signature that it is who it is. */
  prove(nonce: string, origin: string): string;
  playback: Pick<Playback, 'bytes' | 'lifeOf' | 'used'>;
  /** What bytes for a peer wait for, and are counted by. */
  flow(viewer: string, peer: string, signal: AbortSignal): Pick<Flow, 'admit' | 'onMoved'>;
  /** Counts the bytes that leave for a viewer of a session who named this machine so. */
  counter(ticket: DirectTicket, host: string): (bytes: number) => void;
  stalledMs?: number;
}

/** Answers viewers below `/direct/v1/{ticket}/`: who this is, and the bytes of one session. Nothing without a ticket. */
export function streamRoute(deps: StreamDeps): DirectRoute {
  const buffers = new ReadBuffers();
  const open = new Map<string, number>();
  let all = 0;

  return async (request, response, { rest, query, signal }) => {
    const slash = rest.indexOf('/');
    const ticket = deps.ticketOf(rest.slice(0, Math.max(0, slash)));
    const { origin } = request.headers;
    // Without CORS headers: the page learns only that this failed.
    if (!ticket || (origin !== undefined && origin !== ticket.origin)) return end(response, 403);
    for (const [name, value] of corsHeaders(ticket.origin)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return end(response, 204);
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405);
    const path = rest.slice(slash + 1);
    if (path === 'identity') {
      const nonce = DirectNonce.safeParse(query.get('nonce'));
      if (!nonce.success) return end(response, 400);
      response.setHeader('cache-control', 'no-store');
      return json(response, 200, { signature: deps.prove(nonce.data, ticket.origin) });
    }
    const named = ticket.purpose === 'media' ? resourceAt(path) : null;
    if (!named) return end(response, 404);
    const { session } = ticket;
    const ofSession = open.get(session) ?? 0;
    try {
      if (!deps.mayServe()) throw new HearthcastError('unavailable', 'This machine has lost its server.');
      if (ofSession >= MAX_DIRECT_OF_SESSION || all >= MAX_DIRECT_OF_AGENT) throw new HearthcastError('rate-limited');
      open.set(session, ofSession + 1);
      all++;
      try {
        await serve(request, response, ticket, named, signal);
      } finally {
        all--;
        const left = (open.get(session) ?? 1) - 1;
        if (left > 0) open.set(session, left);
        else open.delete(session);
      }
    } catch (error) {
      refuse(response, error, signal);
    }
  };

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    ticket: DirectTicket,
    { resource, kind }: NamedResource,
    gone: AbortSignal,
  ): Promise<void> {
    const { session, generation } = ticket;
    const life = deps.playback.lifeOf(session, generation);
    if (!life) throw new HearthcastError('session-ended');
    const stalled = new AbortController();
    const signal = AbortSignal.any([gone, life, deps.granted(), stalled.signal]);
    // Whoever ends it, a body that has begun breaks off: it is never taken for complete.
    signal.addEventListener('abort', () => response.headersSent && !response.writableFinished && response.destroy(), {
      once: true,
    });
    const isHead = request.method === 'HEAD';
    const about = mediaHeaders(kind, null);
    // To know its length a segment would have to be made: HEAD says that it can be asked for, no more.
    if (isHead && kind !== 'file') return end(response, 200, about);
    const whole = await deps.playback.bytes({ session, generation, resource, range: null }, signal);
    signal.throwIfAborted();
    const answer = kind === 'file' ? ranged(request, response, whole) : whole;
    const headers = { ...mediaHeaders(kind, whole.contentType), 'cross-origin-resource-policy': 'cross-origin' };
    if (!answer) return end(response, 416, headers);
    await using body = await openBody(answer);
    response.writeHead(response.hasHeader('content-range') ? 206 : 200, {
      ...headers,
      'content-length': body.length,
      ...(answer.etag ? { etag: answer.etag } : {}),
    });
    if (isHead) return void response.end();
    const peer = request.socket.remoteAddress ?? '';
    const { admit, onMoved } = deps.flow(session, peer, signal);
    const count = deps.counter(ticket, request.headers.host ?? '');
    const watch = setTimeout(() => stalled.abort(), deps.stalledMs ?? STALLED_MS);
    const moved = (bytes: number, tookMs: number) => {
      watch.refresh();
      onMoved(bytes, tookMs);
      deps.playback.used(session);
      count(bytes);
    };
    try {
      const written = writeBytes(response, { body, buffers, admit, onMoved: moved }, 0, body.length);
      await Promise.race([written, aborted(signal)]);
    } finally {
      clearTimeout(watch);
    }
  }
}

/** The part of a file that was asked for, with its headers; null where there is no such part. */
function ranged(request: IncomingMessage, response: ServerResponse, whole: ByteAnswer): ByteAnswer | null {
  const { body } = whole;
  if (body instanceof Uint8Array) return whole;
  const { size } = body;
  response.setHeader('accept-ranges', 'bytes');
  const file = { size, etag: whole.etag ?? '', most: size };
  const decision = decideRange(request.headers.range, request.headers['if-range'] as string | undefined, file);
  if (decision.kind === 'whole') return whole;
  if (decision.kind === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${size}`);
    return null;
  }
  const { start, end } = decision.range;
  response.setHeader('content-range', `bytes ${start}-${end}/${size}`);
  return { ...whole, body: { ...body, start, end: end + 1 } };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function refuse(response: ServerResponse, error: unknown, gone: AbortSignal): void {
  if (gone.aborted || response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof AgentFailure || error instanceof HearthcastError) {
    const problem = new HearthcastError(error.code, error.message).toProblem();
    json(response, problem.status, problem, 'application/problem+json');
    return;
  }
  throw error;
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}

function json(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(JSON.stringify(body));
}
