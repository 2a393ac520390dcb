import type { AgentEvent, AgentFrame } from '../../shared/protocol/frames.ts';

type EventFrame = Extract<AgentFrame, { type: 'event' }>;

/** Events that wait for their acknowledgement; far more sessions than any agent can have end in one outage. */
export const MAX_EVENTS = 1_000;

/** Ends of scans that wait: the newest ones are of interest. */
const MAX_ENDED_SCANS = 50;
const ENDED_SCAN = 'ended:';

/** An event that was not acknowledged is sent again after this long on the same socket. */
const RESEND_MS = 30_000;

/**
 * Events kept until the edge has acknowledged them. Of those that only tell the newest state (a scan's progress,
 * the load, the folders) the newest stands for all before it, so an outage of hours leaves a short queue.
 */
export class EventQueue {
  /** By sequence number, in rising order. */
  readonly #events = new Map<number, { event: AgentEvent; key: string | null; sentAt: number | null }>();
  #load: AgentEvent | null = null;
  #seq = 0;

  get size(): number {
    return this.#events.size;
  }

  /** Takes an event. Returns false where an older one had to go to make room. */
  push(event: AgentEvent): boolean {
    const key = stateKey(event);
    if (event.kind === 'capacity') this.#load = event;
    if (key !== null) {
      for (const [seq, held] of this.#events) if (held.key === key) this.#events.delete(seq);
    }
    this.#events.set(++this.#seq, { event, key, sentAt: null });
    this.#forgetOldScans();
    if (this.#events.size <= MAX_EVENTS) return true;
    for (const seq of this.#events.keys()) {
      this.#events.delete(seq);
      break;
    }
    return false;
  }

  /** An outage of days must not fill the queue with the hourly scan's ends. */
  #forgetOldScans(): void {
    const ended = [...this.#events].filter(([, { key }]) => key?.startsWith(ENDED_SCAN));
    for (const [seq] of ended.slice(0, -MAX_ENDED_SCANS)) this.#events.delete(seq);
  }

  /** What is to be sent now, oldest first; it counts as sent. */
  due(now: number): EventFrame[] {
    const frames: EventFrame[] = [];
    for (const [seq, held] of this.#events) {
      if (held.sentAt !== null && now - held.sentAt < RESEND_MS) continue;
      held.sentAt = now;
      frames.push({ type: 'event', seq, event: held.event });
    }
    return frames;
  }

  ack(seq: number): void {
    this.#events.delete(seq);
  }

  /** A new socket: nothing on it has been sent yet, and the edge has forgotten how busy this machine is. */
  rewind(): void {
    if (this.#load) this.push(this.#load);
    for (const held of this.#events.values()) held.sentAt = null;
  }
}

function stateKey(event: AgentEvent): string | null {
  switch (event.kind) {
    case 'scan.progress':
      // The next scan of the root says nothing of how this one ended.
      return event.run && event.run.state !== 'running' ? ENDED_SCAN + event.run.id : `scan:${event.root}`;
    case 'capacity':
    case 'roots':
      return event.kind;
    case 'session.ended':
    case 'direct.served':
      return null;
    default:
      return event satisfies never;
  }
}
