import { ServerEvent } from '../../../shared/api/events.ts';

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;

/** How long to wait before the n-th attempt in a row (from 0), with full jitter: a restart of the edge meets no stampede. */
export function reconnectDelay(attempt: number, random: number): number {
  const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return FIRST_DELAY_MS / 2 + random * ceiling;
}

export interface EventSocketDeps {
  onEvent(event: ServerEvent): void;
  /** The socket is there again: what was missed in between must be read. */
  onReconnected(): void;
  signal: AbortSignal;
}

/** Follows the server's events until the signal; reconnects by itself, and at once when the network is back. */
export function followEvents({ onEvent, onReconnected, signal }: EventSocketDeps): void {
  let attempt = 0;
  let connectedBefore = false;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    clearTimeout(timer);
    if (signal.aborted || socket !== null) return;
    const current = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/events`);
    socket = current;
    current.onopen = () => {
      attempt = 0;
      if (connectedBefore) onReconnected();
      connectedBefore = true;
    };
    current.onmessage = (message) => {
      const event = parseEvent(message.data);
      if (event !== null) onEvent(event);
    };
    current.onclose = () => {
      if (socket === current) socket = null;
      if (signal.aborted) return;
      timer = setTimeout(connect, reconnectDelay(attempt++, Math.random()));
    };
  };

  window.addEventListener('online', connect, { signal });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    socket?.close();
  });
  connect();
}

/** An event, or null for what this version does not know. */
export function parseEvent(data: unknown): ServerEvent | null {
  if (typeof data !== 'string') return null;
  try {
    return ServerEvent.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}
