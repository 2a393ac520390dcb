import WebSocket from 'ws';
import { CLOSE, type CloseReason } from '../../shared/protocol/close-codes.ts';
import { type AgentFrame, MAX_FRAME_BYTES } from '../../shared/protocol/frames.ts';

export interface Heartbeat {
  pingMs: number;
  /** How long the answer to a ping may take. */
  pongMs: number;
}

/** The edge answers each "ping" without waking up; the answer takes one round trip. */
export const HEARTBEAT: Heartbeat = { pingMs: 25_000, pongMs: 10_000 };

/** How long a close may wait for its answer: someone waits for this process to end. */
const CLOSE_MS = 2_000;

const HANDSHAKE_MS = 15_000;

/** What waits in memory for a network that takes nothing; inline answers are the most of it. */
const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;

/** The edge refused the upgrade. 410 means that this identity is not enrolled there any more. */
export class UpgradeRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The edge refused the connection with ${status}`);
    this.name = 'UpgradeRefused';
    this.status = status;
  }
}

/** An open control socket. */
export interface ControlSocket {
  /** False where it is not open any more. */
  send(frame: AgentFrame): boolean;
  close(reason: CloseReason): void;
  /** Resolves with the close code once it is closed; 1006 when the network broke. Never rejects. */
  readonly closed: Promise<number>;
}

/** Opens the control socket. Rejects with `UpgradeRefused` or the network's error. */
export function dial(options: {
  edge: string;
  token: string;
  onMessage: (text: string) => void;
  signal: AbortSignal;
  heartbeat: Heartbeat;
}): Promise<ControlSocket> {
  const url = new URL('/agent/v1/connect', options.edge);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${options.token}` },
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const stop = () => socket.terminate();
  options.signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    // Without a listener an error of a later time would end the process; its close follows in any case.
    socket.on('error', reject);
    socket.on('unexpected-response', (request, response) => {
      reject(new UpgradeRefused(response.statusCode ?? 0));
      request.destroy();
    });
    socket.once('open', () => {
      options.signal.removeEventListener('abort', stop);
      const endHeartbeat = keepAlive(socket, options.heartbeat);
      void closed.then(endHeartbeat);
      socket.on('message', (data, binary) => {
        const text = binary ? '' : data.toString();
        if (text !== 'pong') options.onMessage(text);
      });
      resolve({ send: (frame) => send(socket, frame), close: (reason) => close(socket, reason), closed });
    });
  });
}

function send(socket: WebSocket, frame: AgentFrame): boolean {
  if (socket.readyState !== WebSocket.OPEN) return false;
  if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
    socket.terminate();
    return false;
  }
  socket.send(JSON.stringify(frame));
  return true;
}

function close(socket: WebSocket, reason: CloseReason): void {
  socket.close(CLOSE[reason], reason);
  // A peer that is gone never answers the close.
  setTimeout(() => socket.terminate(), CLOSE_MS).unref();
}

/** Ends a connection on which nothing comes back: a network that was lost says nothing of it by itself. */
function keepAlive(socket: WebSocket, { pingMs, pongMs }: Heartbeat): () => void {
  /** Since the first ping that nothing has come after: a later one must not give a lost network more time. */
  let waiting: NodeJS.Timeout | undefined;
  socket.on('message', () => {
    clearTimeout(waiting);
    waiting = undefined;
  });
  const timer = setInterval(() => {
    socket.send('ping');
    waiting ??= setTimeout(() => socket.terminate(), pongMs);
  }, pingMs);
  return () => {
    clearInterval(timer);
    clearTimeout(waiting);
  };
}
