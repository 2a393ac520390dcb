import type { CloseReason } from '../../shared/protocol/close-codes.ts';

/** A socket must say hello within this. */
const HELLO_MS = 10_000;

/** People are told "offline" this long after the last socket closed, so that a short reconnect shows nothing. */
const OFFLINE_AFTER_CLOSE_MS = 10_000;

/** A socket with nothing in flight is dead after this long without a ping; one comes each 25 s. */
const OFFLINE_AFTER_PING_MS = 60_000;

export interface SocketView {
  state: 'new' | 'ready';
  openedAt: number;
  /** The newest of its opening, its last ping and its last frame. */
  heardAt: number;
}

export interface PresenceView {
  /** What people were last told. */
  online: boolean;
  /** When the last ready socket closed; null while there is one. */
  closedAt: number | null;
  /** Requests in flight have their own, stricter watch. */
  busy: boolean;
  sockets: readonly SocketView[];
}

export interface PresenceVerdict {
  /** By index of `sockets`. */
  close: { socket: number; reason: CloseReason }[];
  /** Tell people now. */
  offline: boolean;
  /** When to look again, if ever. */
  nextAt: number | null;
}

/** What an alarm finds: sockets to close, whether people are told "offline", and when to look again. */
export function judgePresence(view: PresenceView, now: number): PresenceVerdict {
  const close: PresenceVerdict['close'] = [];
  const times: number[] = [];
  let ready = 0;
  view.sockets.forEach((socket, index) => {
    const dueAt =
      socket.state === 'new' ? socket.openedAt + HELLO_MS : (view.busy ? now : socket.heardAt) + OFFLINE_AFTER_PING_MS;
    if (dueAt <= now) {
      close.push({ socket: index, reason: socket.state === 'new' ? 'hello-timeout' : 'silent' });
      return;
    }
    times.push(dueAt);
    if (socket.state === 'ready') ready++;
  });
  // A socket that fell silent has been away for a minute already: no further grace.
  const silent = close.some(({ reason }) => reason === 'silent');
  let offline = false;
  if (view.online && ready === 0) {
    const dueAt = silent ? now : (view.closedAt ?? now) + OFFLINE_AFTER_CLOSE_MS;
    if (dueAt <= now) offline = true;
    else times.push(dueAt);
  }
  return { close, offline, nextAt: times.length > 0 ? Math.min(...times) : null };
}
