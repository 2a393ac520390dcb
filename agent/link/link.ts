import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BackgroundWork } from '../../shared/protocol/background.ts';
import { type CloseReason, closeReason, FINAL_CLOSES } from '../../shared/protocol/close-codes.ts';
import type { AgentEvent, EdgeFrame } from '../../shared/protocol/frames.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { backoff } from './backoff.ts';
import { Dispatch } from './dispatch.ts';
import { EventQueue } from './event-queue.ts';
import type { LinkHandlers } from './handlers.ts';
import type { Identity } from './identity.ts';
import { type EdgeLeave, LeaveAsker } from './leave-asker.ts';
import { parseFrame } from './parse-frame.ts';
import type { Flow } from './put.ts';
import { type ControlSocket, dial, HEARTBEAT, type Heartbeat, UpgradeRefused } from './socket.ts';
import { TokenSource } from './token.ts';
import { type ProbeTimes, UplinkProbe } from './uplink-probe.ts';
import { measureUplink } from './uplink-test.ts';
import { AGENT_VERSION } from './version.ts';
import { takeWelcome } from './welcome.ts';

/** The edge greets after asking about each open session: two seconds for the slowest, as a rule none. */
const WELCOME_MS = 15_000;

/** A link that has held this long was good: the next outage begins with a short wait again. */
const SETTLED_MS = 5_000;

/** Events go out together: a scan reports faster than anyone reads. */
const EVENTS_MS = 100;

/** How often unacknowledged events are looked at. */
const RESEND_CHECK_MS = 10_000;

export interface LinkOptions {
  /** Origin of the edge. */
  edge: string;
  identity: Identity;
  handlers: LinkHandlers;
  log: Logger;
  /** Ends the link: it says that it leaves, and does not come back. */
  signal: AbortSignal;
  /** Bytes of one PUT at most; the protocol's own limit where absent. */
  partBytes?: number;
  /** Bytes a second that all viewers together may take of the site's uplink; null or absent is no limit. */
  uplinkLimit?: number | null;
  /** When the line is measured; null or absent is never. */
  probe?: ProbeTimes | null;
  /** How often the socket is pinged, and how long the answer may take. */
  heartbeat?: Heartbeat;
}

export interface Link extends AsyncDisposable {
  /** Keeps the event until the edge has it, over any number of reconnects. */
  send(event: AgentEvent): void;
  readonly connected: boolean;
  /** Says hello anew, since what it says of this machine has changed. What is under way is asked for again. */
  reconnect(): void;
  /** Called each time the edge has welcomed this agent. */
  onConnected(callback: () => void): void;
  /** The agent's release that the edge offers, as it last said; null where it said none. */
  readonly offered: string | null;
  /** Another limit on the uplink from now on. */
  setUplinkLimit(bytesPerSecond: number | null): void;
  /** What bytes that leave past the edge must wait for, and are counted by. */
  flow(viewer: string, signal: AbortSignal): Pick<Flow, 'admit' | 'onMoved'>;
  /** Leave to begin a piece of background work, or to go on with it. Never rejects. */
  askLeave(work: BackgroundWork): Promise<EdgeLeave>;
  /** A piece of background work is done, or was given up. */
  giveBack(work: BackgroundWork): void;
  /** A fresh token for requests beside the link. */
  token(): Promise<string>;
  /** Why the link will not come back, or null when it was told to stop. Never rejects. */
  readonly ended: Promise<CloseReason | null>;
}

/** Opens the link to the edge and keeps it open. Nothing that the edge or the network does makes it throw. */
export function openLink(options: LinkOptions): Link {
  return new AgentSideLink(options);
}

class AgentSideLink implements Link {
  readonly ended: Promise<CloseReason | null>;
  readonly #options: LinkOptions;
  readonly #edge: string;
  readonly #stop = new AbortController();
  readonly #stopped: AbortSignal;
  readonly #tokens: TokenSource;
  readonly #dispatch: Dispatch;
  readonly #asker = new LeaveAsker((frame) => this.#socket?.send(frame) ?? false);
  readonly #events = new EventQueue();
  readonly #callbacks: (() => void)[] = [];
  readonly #resend: NodeJS.Timeout;
  readonly #probe: UplinkProbe | null;
  #flushing: NodeJS.Timeout | null = null;
  #socket: ControlSocket | null = null;
  #welcomed = false;
  #offered: string | null = null;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#edge = new URL(options.edge).origin;
    this.#stopped = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#tokens = new TokenSource(this.#edge, options.identity);
    const { handlers, log, partBytes, uplinkLimit = null, probe = null } = options;
    this.#dispatch = new Dispatch({
      edge: this.#edge,
      handlers,
      log,
      send: (frame) => this.#socket?.send(frame) ?? false,
      ...(partBytes ? { partBytes } : {}),
      uplinkLimit,
    });
    this.#probe =
      probe &&
      new UplinkProbe(probe, {
        quiet: () => this.#welcomed && this.#dispatch.active === 0,
        measure: () => this.#measure(),
        found: (rate) => this.#dispatch.measured(rate),
      });
    this.#resend = setInterval(() => this.#flush(), RESEND_CHECK_MS);
    this.ended = this.#run();
  }

  get connected(): boolean {
    return this.#welcomed;
  }

  get offered(): string | null {
    return this.#offered;
  }

  reconnect(): void {
    this.#socket?.close('leaving');
  }

  setUplinkLimit(bytesPerSecond: number | null): void {
    this.#dispatch.setUplinkLimit(bytesPerSecond);
  }

  flow(viewer: string, signal: AbortSignal): Pick<Flow, 'admit' | 'onMoved'> {
    return this.#dispatch.flow(viewer, signal);
  }

  onConnected(callback: () => void): void {
    this.#callbacks.push(callback);
  }

  askLeave(work: BackgroundWork): Promise<EdgeLeave> {
    return this.#asker.ask(work);
  }

  giveBack(work: BackgroundWork): void {
    this.#asker.giveBack(work);
  }

  token(): Promise<string> {
    return this.#tokens.token(this.#stopped);
  }

  send(event: AgentEvent): void {
    if (!this.#events.push(event)) this.#options.log.warn('events for the edge overflow: the oldest is lost');
    this.#flushing ??= setTimeout(() => this.#flush(), EVENTS_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }

  async #run(): Promise<CloseReason | null> {
    const { log } = this.#options;
    let reason: CloseReason | null = null;
    for (let attempt = 0; !this.#stopped.aborted; attempt++) {
      const startedAt = performance.now();
      try {
        const code = await this.#connection();
        reason = closeReason(code);
        if (FINAL_CLOSES.has(code) || this.#stopped.aborted) break;
        log.warn({ code, reason }, 'link to the edge lost');
      } catch (error) {
        if (error instanceof UpgradeRefused && error.status === 410) {
          reason = 'removed';
          break;
        }
        if (!this.#stopped.aborted) log.warn({ err: error }, 'no link to the edge');
      }
      if (performance.now() - startedAt >= SETTLED_MS) attempt = 0;
      await delay(backoff(attempt), undefined, { signal: this.#stopped }).catch(() => {});
    }
    clearInterval(this.#resend);
    this.#probe?.[Symbol.dispose]();
    if (this.#flushing) clearTimeout(this.#flushing);
    await this.#dispatch[Symbol.asyncDispose]();
    if (this.#stopped.aborted) return null;
    log.error({ reason }, 'the link to the edge has ended');
    return reason;
  }

  /** One connection from its token to its close code. */
  async #connection(): Promise<number> {
    const token = await this.#tokens.token(this.#stopped);
    const { heartbeat = HEARTBEAT } = this.#options;
    const onMessage = (text: string) => this.#message(text);
    const socket = await dial({ edge: this.#edge, token, onMessage, signal: this.#stopped, heartbeat });
    this.#socket = socket;
    const leave = () => socket.close('leaving');
    this.#stopped.addEventListener('abort', leave, { once: true });
    if (this.#stopped.aborted) leave();
    const late = setTimeout(() => {
      if (!this.#welcomed) socket.close('hello-timeout');
    }, WELCOME_MS);
    try {
      this.#hello(socket);
      return await socket.closed;
    } finally {
      clearTimeout(late);
      this.#stopped.removeEventListener('abort', leave);
      if (this.#welcomed) this.#options.handlers.unlinked?.();
      this.#welcomed = false;
      this.#socket = null;
      this.#asker.unlinked();
      this.#dispatch.cancelAll();
    }
  }

  #hello(socket: ControlSocket): void {
    const { identity, handlers } = this.#options;
    socket.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      minProtocol: MIN_PROTOCOL_VERSION,
      agentId: identity.agentId,
      generation: identity.generation,
      version: AGENT_VERSION,
      ...handlers.state(),
    });
  }

  #message(text: string): void {
    const frame = parseFrame(text);
    if (!frame) {
      // An edge that is one release ahead may say what this agent does not know yet.
      this.#options.log.warn({ length: text.length }, 'unknown message of the edge');
      return;
    }
    switch (frame.type) {
      case 'welcome':
        this.#welcome(frame);
        break;
      case 'call':
      case 'bytes':
        this.#dispatch.begin(frame);
        break;
      case 'cancel':
        this.#dispatch.cancel(frame.id);
        break;
      case 'ack':
        this.#events.ack(frame.seq);
        break;
      case 'leave':
        this.#asker.answered(frame.id, frame.leave);
        break;
      default:
        frame satisfies never;
    }
  }

  #welcome(frame: Extract<EdgeFrame, { type: 'welcome' }>): void {
    this.#welcomed = true;
    this.#offered = frame.agentVersion ?? null;
    const { handlers, log } = this.#options;
    takeWelcome(frame, { handlers, log, signal: this.#stopped });
    this.#asker.linked(frame.background ?? false);
    this.#events.rewind();
    this.#flush();
    log.info({ edge: this.#edge, protocol: frame.protocol }, 'linked to the edge');
    for (const callback of this.#callbacks) callback();
  }

  async #measure(): Promise<number | null> {
    try {
      return await measureUplink({ edge: this.#edge, token: await this.token(), signal: this.#stopped });
    } catch (error) {
      // An edge of before this: the line is learned from what flows.
      if (!this.#stopped.aborted) this.#options.log.debug({ err: error }, 'the line could not be measured');
      return null;
    }
  }

  #flush(): void {
    if (this.#flushing) clearTimeout(this.#flushing);
    this.#flushing = null;
    if (!this.#welcomed) return;
    for (const frame of this.#events.due(performance.now())) this.#socket?.send(frame);
  }
}
