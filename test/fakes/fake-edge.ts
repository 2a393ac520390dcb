import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { type WebSocket, WebSocketServer } from 'ws';
import { HearthcastError } from '../../shared/errors.ts';
import type { Leave } from '../../shared/protocol/background.ts';
import { CALLS, type CallMethod } from '../../shared/protocol/calls.ts';
import { CLOSE, type CloseReason } from '../../shared/protocol/close-codes.ts';
import { AgentFrame, type EdgeFrame, PUT_HEADERS } from '../../shared/protocol/frames.ts';
import type { TestEdge } from './edge.ts';

type Of<T extends AgentFrame['type']> = Extract<AgentFrame, { type: T }>;

interface Waiting {
  agentId: string;
  viewer: ServerResponse;
  range: boolean;
  part: number;
  sent: number;
  total: number;
}

interface Connected {
  socket: WebSocket;
  generation: number;
}

/** An edge without workerd: small enough to misbehave on purpose. It passes the same contract as the real one. */
export class FakeEdge implements TestEdge {
  readonly origin: string;
  /** Everything that agents said, in order. */
  readonly said: AgentFrame[] = [];
  /** Sessions that the next welcome tells the agent to close. */
  closeSessions: { id: string; generation: number }[] = [];
  /** Whether it gives leave for background work, and what it answers; null never answers. */
  knowsBackground = false;
  leave: Leave | null = null;
  /** False keeps events unacknowledged. */
  acknowledges = true;
  upgrades = 0;
  readonly #server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #keys = new Map<string, string>();
  readonly #connected = new Map<string, Connected>();
  readonly #streams = new Map<string, Waiting>();
  readonly #calls = new Map<string, { method: CallMethod; answer: (result: unknown) => void }>();
  readonly #used = new Set<string>();

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.#route(request, response));
    server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket as never, head));
  }

  static async start(): Promise<FakeEdge> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeEdge(server);
  }

  async enrolmentCode(): Promise<string> {
    return 'FAKE-CODE';
  }

  /** Sends an agent anything. */
  sendRaw(agentId: string, message: string | Buffer): void {
    this.#connected.get(agentId)?.socket.send(message);
  }

  /** Closes an agent's socket for a reason, or breaks it off. */
  close(agentId: string, reason: CloseReason | 'broken'): void {
    const { socket } = this.#connected.get(agentId) ?? {};
    if (reason === 'broken') socket?.terminate();
    else socket?.close(CLOSE[reason], reason);
  }

  heard<T extends AgentFrame['type']>(type: T): Of<T>[] {
    return this.said.filter((frame): frame is Of<T> => frame.type === type);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#connected.values()) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    const [, room, second, third] = url.pathname.split('/');
    if (room === 'agent' && third === 'streams') return this.#put(url, request, response);
    if (room === 'agent' && third === 'nonce') return json(response, 200, { nonce: 'a-nonce', expiresInS: 300 });
    if (room === 'agent' && third === 'enrol') return this.#enrol(request, response);
    if (room === 'agent' && third === 'uplink') return json(response, 200, { bytes: await bytesOf(request) });
    const agentId = second ?? '';
    if (room === 'viewer' && request.method === 'DELETE') {
      this.#keys.delete(agentId);
      this.close(agentId, 'removed');
      response.writeHead(204).end();
    } else if (room === 'viewer' && third === 'call') this.#call(agentId, await bodyOf(request), response);
    else if (room === 'viewer' && third === 'metrics') json(response, 200, { uplink: this.#uplink() });
    else if (room === 'viewer' && third === 'bytes') this.#bytes(agentId, url.searchParams, response);
    else json(response, 404, {});
  }

  /** What an agent last said of its line. */
  #uplink(): number | null {
    return this.heard('progress').at(-1)?.uplink ?? null;
  }

  async #enrol(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const agentId = `agt_${randomBytes(16).toString('base64url')}`;
    this.#keys.set(agentId, ((await bodyOf(request)) as { publicKey: string }).publicKey);
    json(response, 201, { agentId, siteId: '1', siteName: 'Home' });
  }

  async #upgrade(request: IncomingMessage, socket: never, head: Buffer): Promise<void> {
    this.upgrades++;
    const refuse = (status: number) => (socket as { end(text: string): void }).end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const agentId = decodeJwt(token).sub ?? '';
    const x = this.#keys.get(agentId);
    if (!x) return refuse(410);
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA');
    const { payload } = await jwtVerify(token, key, { audience: this.origin });
    if (payload.nonce !== 'a-nonce' || this.#used.has(payload.jti ?? '')) return refuse(401);
    this.#used.add(payload.jti ?? '');
    this.#sockets.handleUpgrade(request, socket, head, (open) => this.#serve(agentId, open));
  }

  #serve(agentId: string, socket: WebSocket): void {
    socket.on('message', (data) => {
      const text = String(data);
      if (text === 'ping') {
        socket.send('pong');
        return;
      }
      const frame = AgentFrame.parse(JSON.parse(text));
      this.said.push(frame);
      this.#frame(agentId, socket, frame);
    });
    socket.on('close', () => {
      if (this.#connected.get(agentId)?.socket !== socket) return;
      this.#connected.delete(agentId);
      for (const [id, waiting] of this.#streams) if (waiting.agentId === agentId) this.#fail(id, 'liveness');
    });
  }

  #frame(agentId: string, socket: WebSocket, frame: AgentFrame): void {
    switch (frame.type) {
      case 'hello':
        this.#hello(agentId, socket, frame);
        break;
      case 'event':
        if (this.acknowledges) say(socket, { type: 'ack', seq: frame.seq });
        break;
      case 'inline':
        this.#inline(frame);
        break;
      case 'failure':
        this.#calls.get(frame.id)?.answer({ ok: false, class: frame.class, code: frame.code, detail: frame.detail });
        this.#fail(frame.id, frame.class, frame.code);
        break;
      case 'answer': {
        const call = this.#calls.get(frame.id);
        call?.answer({ ok: true, answer: CALLS[call.method].answer.parse(frame.body) });
        break;
      }
      case 'progress':
        break;
      case 'background':
        if (!frame.done && this.leave) say(socket, { type: 'leave', id: frame.id, leave: this.leave });
        break;
      default:
        frame satisfies never;
    }
  }

  #hello(agentId: string, socket: WebSocket, { generation }: Of<'hello'>): void {
    const other = this.#connected.get(agentId);
    if (other && other.generation > generation) {
      socket.close(CLOSE.replaced, 'replaced');
      return;
    }
    this.#connected.set(agentId, { socket, generation });
    other?.socket.close(CLOSE.replaced, 'replaced');
    const background = this.knowsBackground ? { background: true } : {};
    say(socket, { type: 'welcome', protocol: 1, now: Date.now(), close: this.closeSessions, ...background });
  }

  #call(agentId: string, body: unknown, response: ServerResponse): void {
    const { method, params, deadlineMs } = body as { method: CallMethod; params: unknown; deadlineMs: number };
    const connected = this.#connected.get(agentId);
    if (!connected) {
      json(response, 200, { ok: false, class: 'liveness', code: 'agent-offline', detail: '' });
      return;
    }
    const id = randomBytes(8).toString('hex');
    this.#calls.set(id, { method, answer: (result) => json(response, 200, result) });
    say(connected.socket, { type: 'call', id, method, params, deadlineMs });
  }

  #bytes(agentId: string, query: URLSearchParams, viewer: ServerResponse): void {
    const id = randomBytes(16).toString('hex');
    const range = JSON.parse(query.get('range') ?? 'null') as { start: number; end: number | null } | null;
    this.#streams.set(id, { agentId, viewer, range: range !== null, part: 0, sent: 0, total: 0 });
    const connected = this.#connected.get(agentId);
    if (!connected) {
      this.#fail(id, 'liveness', 'agent-offline');
      return;
    }
    viewer.on('close', () => {
      if (this.#streams.delete(id)) say(connected.socket, { type: 'cancel', id });
    });
    const resource = JSON.parse(query.get('resource') ?? '{"kind":"file"}');
    const session = query.get('session');
    say(connected.socket, { type: 'bytes', id, session, generation: 1, resource, range, deadlineMs: 30_000 });
  }

  #inline(frame: Of<'inline'>): void {
    const waiting = this.#streams.get(frame.id);
    if (!waiting) return;
    this.#streams.delete(frame.id);
    const body = Buffer.from(frame.body, 'base64');
    const head = { 'content-type': frame.contentType, 'content-length': body.length };
    const range = frame.range ? { 'content-range': frame.range } : {};
    waiting.viewer.writeHead(waiting.range ? 206 : 200, { ...head, ...range }).end(body);
  }

  #fail(id: string, failure: string, code: HearthcastError['code'] = 'agent-failed'): void {
    const waiting = this.#streams.get(id);
    if (!waiting) return;
    this.#streams.delete(id);
    const problem = new HearthcastError(code).toProblem();
    if (waiting.viewer.headersSent) waiting.viewer.destroy();
    else json(waiting.viewer, problem.status, problem, failure);
  }

  #put(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const id = url.pathname.split('/').at(-1) ?? '';
    const waiting = this.#streams.get(id);
    if (!waiting || Number(url.searchParams.get('part')) !== waiting.part) {
      response.writeHead(waiting ? 409 : 410).end();
      return;
    }
    const header = (name: string) => String(request.headers[name] ?? '');
    if (waiting.part === 0) {
      waiting.total = Number(header(PUT_HEADERS.total));
      waiting.viewer.writeHead(waiting.range ? 206 : 200, {
        'content-type': header(PUT_HEADERS.contentType),
        'content-length': waiting.total,
        etag: header(PUT_HEADERS.etag),
        ...(waiting.range ? { 'content-range': header(PUT_HEADERS.range) } : {}),
      });
    }
    waiting.part++;
    waiting.sent += Number(header('content-length'));
    waiting.viewer.on('close', () => response.headersSent || response.writeHead(499).end());
    request.on('error', () => waiting.viewer.destroy());
    request.on('end', () => {
      if (waiting.sent === waiting.total) {
        this.#streams.delete(id);
        waiting.viewer.end();
      }
      response.writeHead(204).end();
    });
    request.pipe(waiting.viewer, { end: false });
  }
}

function say(socket: WebSocket, frame: EdgeFrame): void {
  socket.send(JSON.stringify(frame));
}

function json(response: ServerResponse, status: number, body: unknown, failure?: string): void {
  const headers = { 'content-type': 'application/json', ...(failure ? { 'hc-failure': failure } : {}) };
  response.writeHead(status, headers).end(JSON.stringify(body));
}

async function bytesOf(request: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of request) bytes += (chunk as Buffer).length;
  return bytes;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}
