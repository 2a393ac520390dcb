import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { HearthcastError } from '../../../shared/errors.ts';
import { MAX_READ_BYTES, READ_HEADERS } from '../../../shared/protocol/sources.ts';
import type { DirectRoute } from '../../direct/listener.ts';
import { openBody } from '../../link/body.ts';
import { AgentFailure, type ByteAnswer } from '../../link/handlers.ts';
import type { Lending, ReadRequest } from './lending.ts';

/** The header that names the class of a refusal, which decides whether the reader's session moves. */
export const READ_FAILURE_HEADER = 'hc-failure';

/** Answers other machines' reads on this machine's listener. A refusal is problem details. */
export function lendingRoute(lending: Lending): DirectRoute {
  return async (request, response, { signal }) => {
    const asked = request.method === 'GET' ? requestOf(request.headers) : null;
    if (!asked) {
      response.writeHead(404).end();
      return;
    }
    try {
      await lending.read(asked, signal, (answer, ended) => send(response, answer, ended));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (!signal.aborted) refuse(response, error);
    }
  };
}

function requestOf(headers: IncomingHttpHeaders): ReadRequest | null {
  const [ticket, wish, proof] = [READ_HEADERS.ticket, READ_HEADERS.wish, READ_HEADERS.proof].map(
    (name) => headers[name],
  );
  return typeof ticket === 'string' && typeof wish === 'string' && typeof proof === 'string'
    ? { ticket, wish, proof }
    : null;
}

async function send(response: ServerResponse, answer: ByteAnswer, signal: AbortSignal): Promise<void> {
  await using body = await openBody(answer);
  const { contentType, etag } = answer;
  response.writeHead(200, {
    ...{ 'content-type': contentType, 'content-length': body.length, 'cache-control': 'no-store' },
    ...(etag === null ? {} : { etag }),
  });
  for (let at = 0; at < body.length; ) {
    const most = Math.min(MAX_READ_BYTES, body.length - at);
    const piece = await body.read(at, most, Buffer.allocUnsafe(most));
    signal.throwIfAborted();
    if (!response.write(piece)) await once(response, 'drain', { signal });
    at += piece.length;
  }
  response.end();
}

function refuse(response: ServerResponse, error: unknown): void {
  const failure =
    error instanceof AgentFailure ? error : new AgentFailure('liveness', 'agent-failed', 'The file cannot be read.');
  const problem = new HearthcastError(failure.code, failure.message).toProblem();
  response
    .writeHead(problem.status, { 'content-type': 'application/problem+json', [READ_FAILURE_HEADER]: failure.class })
    .end(JSON.stringify(problem));
}
