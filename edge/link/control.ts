import type { CloseReason } from '../../shared/protocol/close-codes.ts';
import { type AgentFrame, type EdgeFrame, MAX_FRAME_BYTES } from '../../shared/protocol/frames.ts';
import { LATER_RESOURCES, type Resource } from '../../shared/protocol/resources.ts';
import type { Abort } from './aborts.ts';
import { parseAgentFrame } from './agent-frame.ts';
import type { AgentObserver, AgentSettings, AgentState, Hello } from './deliver.ts';
import { FloodGate } from './flood.ts';
import { greet } from './hello.ts';
import { LeaveAsks } from './leave-asks.ts';
import { LineRate } from './line-rate.ts';
import type { LinkStorage } from './link-storage.ts';
import type { LinkCounters } from './metrics.ts';
import { sessionsToClose } from './reconcile.ts';
import type { Relay } from './relay.ts';
import type { AgentSockets, Attachment } from './sockets.ts';
import { SILENCE_MS } from './watch.ts';
import type { Work } from './work.ts';

/** Events of one socket that wait for their turn. */
const MAX_EVENTS_WAITING = 200;

export interface ControlDeps {
  sockets: AgentSockets;
  storage: LinkStorage;
  work: Work;
  counters: LinkCounters;
  observer: AgentObserver;
  now(): number;
  /** The key of direct tickets; null where this agent has no direct way, or may not use it. */
  directKey(): Promise<string | null>;
  /** The agent's release that this deployment offers; null where it was built without one. */
  agentVersion: string | null;
  /** Sockets came or went: presence is due to be looked at. */
  changed(): Promise<void>;
}

/** The conversation with one agent over its control socket. */
export class Control {
  readonly #deps: ControlDeps;
  readonly #gates = new Map<WebSocket, FloodGate>();
  readonly #asks: LeaveAsks;
  readonly #line: LineRate;
  #events: Promise<void> = Promise.resolve();
  #eventsWaiting = 0;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
    this.#asks = new LeaveAsks(deps.observer);
    this.#line = new LineRate(deps.storage, deps.counters);
  }

  /** Sends to the agent; false while it is away. */
  send(frame: EdgeFrame): boolean {
    const socket = this.#deps.sockets.current();
    return socket !== null && this.#deps.sockets.send(socket, frame);
  }

  /** Whether the agent would understand a request for this: a kind that it does not know it would pass over. */
  knows({ kind }: Resource): boolean {
    const socket = this.#deps.sockets.current();
    const later = LATER_RESOURCES.some((known) => known === kind);
    return !later || (socket !== null && (this.#deps.sockets.read(socket).resources ?? []).includes(kind));
  }

  /** One message of a socket. What is not of the protocol closes it. */
  async message(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const { sockets, now } = this.#deps;
    const { state } = sockets.read(socket);
    if (state === 'closed') return;
    sockets.heard(socket, now());
    if (typeof message !== 'string') return this.drop(socket, 'bad-frame');
    if (message.length > MAX_FRAME_BYTES) return this.drop(socket, 'too-much');
    const frame = parseAgentFrame(message);
    if (!frame || (state === 'new') !== (frame.type === 'hello')) return this.drop(socket, 'bad-frame');
    if (!this.#asked(frame) && !this.#gate(socket).admit(now())) return this.drop(socket, 'too-much');
    switch (frame.type) {
      case 'hello':
        return this.#hello(socket, frame).catch((error) => {
          this.#failed('agent not welcomed', error);
          this.drop(socket, 'restarting');
        });
      case 'event':
        return this.#event(socket, frame);
      case 'progress':
        // First what viewers wait for: the line's figure is kept in storage, which may fail.
        this.#deps.work.progress(frame);
        if (this.#line.take(frame.uplink, now())) await this.tellState();
        return;
      case 'background':
        return this.#tell(this.#asks.hear(this.#agentId(), frame, (answer) => sockets.send(socket, answer)));
      case 'answer':
      case 'failure':
      case 'inline':
        return this.#answer(frame);
      default:
        frame satisfies never;
    }
  }

  /** A socket closed by itself. */
  async closed(socket: WebSocket): Promise<void> {
    // Answers the agent's close: without it the agent waits in vain for the end of the closing handshake.
    try {
      socket.close();
    } catch {
      // It was closed from this side.
    }
    const was = this.#deps.sockets.forget(socket);
    if (was) await this.#gone(socket, was, 'socket-closed');
  }

  /** Closes a socket and gives up what was asked over it. */
  drop(socket: WebSocket, reason: CloseReason): void {
    const was = this.#deps.sockets.read(socket);
    if (was.state === 'closed') return;
    console.warn(JSON.stringify({ level: 'warn', event: 'agent socket closed', agentId: this.#agentId(), reason }));
    this.#deps.sockets.close(socket, reason);
    const how = reason === 'silent' ? 'silence' : reason === 'removed' ? 'removed' : 'socket-closed';
    void this.#tell(this.#gone(socket, was, how));
  }

  /** A request met three seconds of silence: where the agent has said nothing at all, its socket is dead. */
  silent(): void {
    const { sockets, now } = this.#deps;
    const socket = sockets.current();
    if (socket && now() - sockets.heardAt(socket) >= SILENCE_MS) this.drop(socket, 'silent');
  }

  /** A relay ended: it is counted, and the agent stops working on what nobody waits for. */
  relayEnded(relay: Relay, how: 'done' | 'failed' | Abort): void {
    const { work, counters } = this.#deps;
    work.remove(relay.id);
    if (how === 'done') counters.streamsCompleted++;
    else if (how === 'failed') counters.agentFailures++;
    else {
      counters.aborts[how]++;
      this.send({ type: 'cancel', id: relay.id });
    }
  }

  /** The agent is removed: nothing of it stays. */
  async remove(): Promise<void> {
    for (const { socket } of this.#deps.sockets.views()) this.drop(socket, 'removed');
    await this.#tell(this.tellOffline());
  }

  /** Placement is told how the agent is, also where it should know that. */
  async tellState(): Promise<void> {
    const { sockets, observer } = this.#deps;
    const socket = sockets.current();
    if (socket) await this.#tell(observer.state(this.#agentId(), this.#stateOf(sockets.read(socket))));
  }

  /** People and placement learn that the agent is away. Rejects where they do not: it is to be told again. */
  async tellOffline(): Promise<void> {
    const { storage, observer, now } = this.#deps;
    if (!storage.presence().online) return;
    const agentId = this.#agentId();
    await observer.state(agentId, { online: false, slotsUsed: 0, slotsTotal: 0, videoEncoders: [] });
    // It came back while that was said, or somebody else has said the rest.
    if (this.#deps.sockets.current() || !storage.presence().online) return;
    storage.setPresence({ online: false, closedAt: null });
    await this.#tell(observer.presence(agentId, false, now()));
  }

  async #hello(socket: WebSocket, hello: Hello): Promise<void> {
    const { sockets, storage, observer, now } = this.#deps;
    const agentId = this.#agentId();
    const older = sockets.ready();
    const greeting = greet(
      hello,
      agentId,
      older.map((other) => sockets.read(other).generation),
    );
    if (!greeting.accept) return this.drop(socket, greeting.reason);
    const { transcodeSlots: slotsTotal, videoEncoders, paintsText = false, resources = [] } = hello.capabilities;
    const told = { slotsTotal, videoEncoders, paintsText, resources };
    const attachment = { ...sockets.read(socket), generation: hello.generation, ...told };
    // To storage first: where that fails the older socket still holds.
    storage.setDirectAddresses(hello.direct?.addresses ?? []);
    const wasOnline = storage.presence().online;
    storage.setPresence({ online: true, closedAt: null });
    sockets.write(socket, { ...attachment, state: 'ready' });
    for (const other of older) this.drop(other, 'replaced');

    // Before the welcome: the agent sends claims as soon as it has it, and they need their folders to be known.
    const [close] = await Promise.all([
      sessionsToClose(hello.sessions, (session) => observer.owns(agentId, session)),
      this.#tell(observer.connected(agentId, hello, now())),
    ]);
    const [settings, key] = await Promise.all([this.#settings(agentId), this.#deps.directKey()]);
    const offer = this.#deps.agentVersion === null ? {} : { agentVersion: this.#deps.agentVersion };
    const readKey = await observer.readKey(agentId);
    const direct = key ? { direct: { key } } : {};
    const said = { protocol: greeting.protocol, now: now(), close, readKey, ...settings, ...offer, ...direct };
    if (!sockets.send(socket, { type: 'welcome', ...said, background: true })) return;
    await this.#deps.changed();
    await this.#tell(observer.state(agentId, this.#stateOf(sockets.read(socket))));
    if (!wasOnline) await this.#tell(observer.presence(agentId, true, now()));
  }

  /** Undefined where they cannot be read now: the agent keeps to what it was told before. */
  async #settings(agentId: string): Promise<AgentSettings | undefined> {
    try {
      return await this.#deps.observer.settings(agentId);
    } catch (error) {
      this.#failed('agent settings not read', error);
      return undefined;
    }
  }

  /** Events are handled one after another, in the order in which they came, and acknowledged when they are safe. */
  async #event(socket: WebSocket, frame: Extract<AgentFrame, { type: 'event' }>): Promise<void> {
    if (this.#eventsWaiting >= MAX_EVENTS_WAITING) return this.drop(socket, 'too-much');
    this.#eventsWaiting++;
    this.#events = this.#events
      .then(() => this.#deliver(socket, frame))
      .catch((error) => this.#failed('agent event failed', error))
      .finally(() => this.#eventsWaiting--);
    await this.#events;
  }

  async #deliver(socket: WebSocket, { seq, event }: Extract<AgentFrame, { type: 'event' }>): Promise<void> {
    const { sockets, observer, counters } = this.#deps;
    const agentId = this.#agentId();
    if (event.kind === 'capacity') {
      const before = sockets.read(socket);
      const { slotsUsed, slotsTotal, draining = false, videoEncoders = before.videoEncoders } = event;
      const attachment = { ...before, slotsUsed, slotsTotal, draining, videoEncoders };
      sockets.write(socket, attachment);
      if (attachment.state === 'ready') await observer.state(agentId, this.#stateOf(attachment));
    }
    if (event.kind === 'direct.served') for (const { bytes } of event.sessions) counters.bytesDirect += bytes;
    await observer.event(agentId, event);
    sockets.send(socket, { type: 'ack', seq });
  }

  #stateOf(attachment: Attachment): AgentState {
    const { slotsUsed, slotsTotal, videoEncoders, draining = false, paintsText = false } = attachment;
    const { uplink } = this.#deps.counters;
    const line = uplink === null ? {} : { uplink: uplink * 8 };
    const can = { videoEncoders, ...(paintsText ? { paintsText } : {}) };
    return { online: attachment.state === 'ready', slotsUsed, slotsTotal, ...can, draining, ...line };
  }

  #answer(frame: Extract<AgentFrame, { type: 'answer' | 'failure' | 'inline' }>): void {
    const pending = this.#deps.work.get(frame.id);
    if (!pending) return;
    if (frame.type === 'failure') pending.fail({ class: frame.class, code: frame.code, detail: frame.detail });
    else if (frame.type === 'inline' && pending.kind === 'relay') pending.inline(frame, this.#deps.now());
    else if (frame.type === 'answer' && pending.kind === 'call') pending.answer(frame);
    else pending.abort('bad-answer');
  }

  /** Frames that answer an open request are bounded by what was asked; all others pass the gate. */
  #asked(frame: AgentFrame): boolean {
    return 'id' in frame && this.#deps.work.get(frame.id) !== null;
  }

  #gate(socket: WebSocket): FloodGate {
    const gate = this.#gates.get(socket) ?? new FloodGate(this.#deps.now());
    this.#gates.set(socket, gate);
    return gate;
  }

  async #gone(socket: WebSocket, was: Attachment, reason: Abort): Promise<void> {
    this.#gates.delete(socket);
    // Replaced or not, what was asked over this socket is not answered over another one.
    if (was.state === 'ready') this.#deps.work.abortAll(reason);
    await this.#deps.changed();
  }

  #agentId(): string {
    return this.#deps.storage.enrolled()?.agentId ?? 'unknown';
  }

  #failed(event: string, error: unknown): void {
    console.error(JSON.stringify({ level: 'error', event, agentId: this.#agentId(), error: String(error) }));
  }

  async #tell(told: Promise<void>): Promise<void> {
    try {
      await told;
    } catch (error) {
      this.#failed('agent observer failed', error);
    }
  }
}
