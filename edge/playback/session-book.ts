import { alarmOf } from './session-clock.ts';
import type { SessionDeps, SessionNews } from './session-deps.ts';
import { type SessionRecord, summaryOf } from './session-record.ts';
import { type SessionEvent, TRANSITIONS } from './session-states.ts';

/** A session's record: in memory as in storage, changed by the table of states only, and told to those who ask for news. */
export class SessionBook {
  readonly #deps: SessionDeps;
  #record: SessionRecord | null;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#record = deps.store.load();
  }

  get record(): SessionRecord | null {
    return this.#record;
  }

  isOwner(agentId: string, generation: number): boolean {
    return this.#record?.owner?.agentId === agentId && this.#record.generation === generation;
  }

  /** Takes an event by the table. False where it changes nothing. */
  apply(event: SessionEvent, change: Partial<SessionRecord> = {}): boolean {
    const record = this.#record;
    const state = record && TRANSITIONS[record.state][event];
    if (!record || !state) return false;
    this.write({ ...record, ...change, state, stateSince: this.#deps.now() });
    return true;
  }

  /** To storage first: where that fails, memory still says what storage says. */
  write(record: SessionRecord): void {
    const next = { ...record, seq: record.seq + 1 };
    this.#deps.store.save(next);
    this.#record = next;
    this.arm();
  }

  /** Sets the alarm to when the session must look at itself again. */
  arm(): void {
    if (this.#record) this.#deps.setAlarm(alarmOf(this.#record));
  }

  tell(news: SessionNews): void {
    const record = this.#record;
    if (record) this.#deps.background(this.#deps.announce(summaryOf(record), record.userId, news));
  }

  async forget(): Promise<void> {
    this.#record = null;
    await this.#deps.store.clear();
  }
}
