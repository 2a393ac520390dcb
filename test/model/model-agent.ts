import { EndedSessions } from '../../agent/playback/ended-sessions.ts';
import { admission } from '../../agent/playback/session.ts';
import type { CallParams } from '../../shared/protocol/calls.ts';
import type { OpenSession } from '../../shared/protocol/capabilities.ts';

/** Slots of each agent: fewer than there are sessions, so that some must wait. */
export const SLOTS = 2;

/** Without a request for bytes a session ends after this. */
const LEASE_MS = 90_000;

interface Open {
  generation: number;
  slot: boolean;
  usedAt: number;
}

/** An agent by its own rules of admission, without ffmpeg: it counts its slots, and forgets all when it dies. */
export class ModelAgent {
  /** Whether frames reach it. */
  connected = true;
  /** Whether it has said hello since it came back: until then the edge has told it nothing. */
  greeted = true;
  draining = false;
  readonly slots: number;
  readonly #leaseMs: number;
  readonly #open = new Map<string, Open>();
  #ended = new EndedSessions();

  constructor({ slots = SLOTS, leaseMs = LEASE_MS }: { slots?: number; leaseMs?: number } = {}) {
    this.slots = slots;
    this.#leaseMs = leaseMs;
  }

  get used(): number {
    return [...this.#open.values()].filter(({ slot }) => slot).length;
  }

  get open(): OpenSession[] {
    return [...this.#open].map(([id, { generation }]) => ({ id, generation }));
  }

  admit({ session, generation, plan }: CallParams<'session.open'>, now: number): 'yes' | 'away' | 'stale' | 'full' {
    const open = this.#open.get(session) ?? null;
    if (this.draining && open?.generation !== generation) return 'away';
    const slot = plan.video.some(({ action }) => action === 'transcode');
    const endedGeneration = this.#ended.generation(session);
    const verdict = admission({ generation, slot }, { open, endedGeneration, used: this.used, total: this.slots });
    if (verdict === 'stale' || verdict === 'full') return verdict;
    if (verdict !== 'same') this.#open.set(session, { generation, slot, usedAt: now });
    return 'yes';
  }

  close({ session, generation }: { session: string; generation: number }): void {
    const open = this.#open.get(session);
    if (open && open.generation > generation) return;
    this.#open.delete(session);
    this.#ended.note(session, generation);
  }

  /** Whether it answers a request for bytes, which renews the lease. */
  serves(session: string, generation: number, now: number): boolean {
    const open = this.#open.get(session);
    if (open?.generation !== generation) return false;
    open.usedAt = now;
    return true;
  }

  /** Ends and answers what nobody has asked for. */
  expire(now: number): OpenSession[] {
    const over = [...this.#open].filter(([, { usedAt }]) => now - usedAt > this.#leaseMs);
    return over.map(([session, { generation }]) => {
      this.close({ session, generation });
      return { id: session, generation };
    });
  }

  die(): void {
    this.#open.clear();
    this.#ended = new EndedSessions();
    this.draining = false;
  }
}
