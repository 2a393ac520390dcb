import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { Logger } from 'pino';
import { AgentError } from '../exit-codes.ts';
import { type Certificate, type CertificateFiles, readCertificate, watchCertificate } from './certificate.ts';

/** Connections at once, all viewers together: each player holds about six. */
const MAX_CONNECTIONS = 512;

/** A request's line and headers must be there by then; a body is read by nobody here. */
const HEADERS_MS = 10_000;

/** Between two segments of a film that is buffered. */
const IDLE_MS = 60_000;

const OLDEST_TLS = 'TLSv1.2';

/** Renewals come weeks before the end of the one before. */
const LOOK_MS = 30_000;

/** Our longest address is a ticket and a few names. */
const MAX_HEADER_BYTES = 8 * 1024;

/**
 * Answers the requests below one prefix. `rest` is the path behind it, without the query, as it was sent. The signal
 * aborts when the connection is gone before the answer has ended, and when the listener is closed. A rejection is
 * answered with 500, or breaks the answer off where it has begun.
 */
export type DirectRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  about: { rest: string; query: URLSearchParams; signal: AbortSignal },
) => Promise<void>;

export interface ListenerOptions {
  /** Address to listen on; null is all. */
  host: string | null;
  /** 0 takes a free one. */
  port: number;
  /** Null is plain HTTP. */
  certificate: CertificateFiles | null;
  /** By prefix, such as `/direct/v1/`; what is below none of them is answered with 404. May be added to later. */
  routes: ReadonlyMap<string, DirectRoute>;
  log: Logger;
  /** How often the certificate's files are looked at, in ms. */
  lookMs?: number;
}

export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** As it is used now: renewed files are taken over while it runs. Null is plain HTTP. */
  readonly certificate: Certificate | null;
}

/**
 * Opens the agent's door for those who come to it directly. Rejects with an AgentError where the port or the
 * certificate cannot be used.
 */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { host, port, log } = options;
  let certificate = options.certificate && readCertificate(options.certificate);
  const stop = new AbortController();
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_MS, keepAliveTimeout: IDLE_MS };
  const answer = (request: IncomingMessage, response: ServerResponse) =>
    void dispatch(options, stop.signal, request, response);
  const secure = certificate && createSecureServer({ ...limits, ...certificate.pem, minVersion: OLDEST_TLS }, answer);
  const server: Server | SecureServer = secure ?? createServer(limits, answer);
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(host === null ? { port } : { port, host });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const sentence = `The direct way cannot listen on ${host === null ? '' : `${host}, `}port ${port} (${code}): choose another direct.port.`;
    throw new AgentError(sentence, undefined, { cause });
  }
  const watch =
    options.certificate &&
    watchCertificate(options.certificate, { log, lookMs: options.lookMs ?? LOOK_MS }, (renewed) => {
      certificate = renewed;
      secure?.setSecureContext({ ...renewed.pem, minVersion: OLDEST_TLS });
    });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    get certificate() {
      return certificate;
    },
    async [Symbol.asyncDispose]() {
      watch?.[Symbol.dispose]();
      stop.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function dispatch(
  { routes, log }: ListenerOptions,
  stopped: AbortSignal,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', search = ''] = (request.url ?? '').split('?', 2);
  const found = [...routes].find(([prefix]) => path.startsWith(prefix));
  // Whoever asks for what is not there learns nothing of what is.
  if (!found) {
    response.writeHead(404).end();
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([stopped, gone.signal]);
  try {
    const [prefix, route] = found;
    await route(request, response, { rest: path.slice(prefix.length), query: new URLSearchParams(search), signal });
  } catch (error) {
    if (signal.aborted) return;
    log.error({ err: error }, 'a direct request failed');
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  }
}
