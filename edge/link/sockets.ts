import { CLOSE, type CloseReason } from '../../shared/protocol/close-codes.ts';
import type { EdgeFrame } from '../../shared/protocol/frames.ts';
import type { SocketView } from './presence.ts';

/** Sockets of one agent at once: the one in use, one that takes over, and some that linger on a broken network. */
const MAX_SOCKETS = 8;

/** What a socket must still know after its object was evicted. Kept in its attachment: 16 KB at most. */
export interface Attachment {
  v: 1;
  /** Rises with each socket of the agent. */
  serial: number;
  state: 'new' | 'ready' | 'closed';
  openedAt: number;
  /** Of the agent's process, from its hello. */
  generation: number;
  slotsUsed: number;
  slotsTotal: number;
  videoEncoders: string[];
  draining?: boolean;
  /** It paints subtitles that are text; absent is no. */
  paintsText?: boolean;
  /** Kinds of bytes beyond those of version 1 that the agent named; absent before its hello. */
  resources?: string[];
}

/** The control sockets of one agent, as they hibernate with its object. */
export class AgentSockets {
  readonly #ctx: DurableObjectState;
  readonly #lastFrameAt = new Map<WebSocket, number>();

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    // Answered by the platform without waking the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** Takes an authenticated socket in; it is no one's link before its hello. */
  accept(socket: WebSocket, serial: number, now: number): void {
    const open = this.#open();
    if (open.length >= MAX_SOCKETS) this.close(open[0] as WebSocket, 'too-much');
    this.#ctx.acceptWebSocket(socket);
    const fresh = { v: 1, serial, state: 'new', openedAt: now, generation: 0 } as const;
    this.write(socket, { ...fresh, slotsUsed: 0, slotsTotal: 0, videoEncoders: [] });
  }

  read(socket: WebSocket): Attachment {
    return socket.deserializeAttachment() as Attachment;
  }

  write(socket: WebSocket, attachment: Attachment): void {
    socket.serializeAttachment(attachment);
  }

  heard(socket: WebSocket, now: number): void {
    this.#lastFrameAt.set(socket, now);
  }

  /** The socket that orders go to, or null while the agent is away. */
  current(): WebSocket | null {
    return this.ready().at(-1) ?? null;
  }

  /** Those that said hello, oldest first. */
  ready(): WebSocket[] {
    return this.#open().filter((socket) => this.read(socket).state === 'ready');
  }

  /** Everything that is open, oldest first, as presence judges it. */
  views(): { socket: WebSocket; view: SocketView }[] {
    return this.#open().map((socket) => {
      const { state, openedAt } = this.read(socket);
      const pingAt = this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
      const heardAt = Math.max(openedAt, pingAt, this.#lastFrameAt.get(socket) ?? 0);
      return { socket, view: { state: state === 'ready' ? 'ready' : 'new', openedAt, heardAt } };
    });
  }

  heardAt(socket: WebSocket): number {
    return this.views().find((entry) => entry.socket === socket)?.view.heardAt ?? 0;
  }

  /** False where the socket is gone. */
  send(socket: WebSocket, frame: EdgeFrame): boolean {
    try {
      socket.send(JSON.stringify(frame));
      return true;
    } catch {
      return false;
    }
  }

  /** Closes for a reason of the closed set. From here on it is no socket of ours, whatever the network still does. */
  close(socket: WebSocket, reason: CloseReason): void {
    this.forget(socket);
    try {
      socket.close(CLOSE[reason], reason);
    } catch {
      // The network was faster.
    }
  }

  /** It is closed. Returns what it was, or null when that is known already. */
  forget(socket: WebSocket): Attachment | null {
    this.#lastFrameAt.delete(socket);
    const attachment = this.read(socket);
    if (attachment.state === 'closed') return null;
    this.write(socket, { ...attachment, state: 'closed' });
    return attachment;
  }

  #open(): WebSocket[] {
    return this.#ctx
      .getWebSockets()
      .map((socket) => ({ socket, attachment: this.read(socket) }))
      .filter(({ attachment }) => attachment.state !== 'closed')
      .sort((a, b) => a.attachment.serial - b.attachment.serial)
      .map(({ socket }) => socket);
  }
}
