import type { Plan } from '../../shared/media/plan.ts';
import type { Timeline } from '../../shared/media/timeline.ts';
import type { FailureClass } from '../../shared/protocol/resources.ts';
import { withFailure } from './cool-down.ts';
import { isDirectNow } from './direct-service.ts';
import { ProgressSaver } from './progress-saver.ts';
import { SessionBook } from './session-book.ts';
import { hasOutlived, SAVE_EVERY_MS } from './session-clock.ts';
import type { SessionDeps } from './session-deps.ts';
import { START_BUDGET_MS } from './session-limits.ts';
import { endOf, ownerOf, SessionMoves } from './session-moves.ts';
import { positionNow, type Report } from './session-position.ts';
import {
  type Candidate,
  type Kept,
  newRecord,
  type Owner,
  type Refusal,
  type SessionRecord,
  type SessionStart,
  type Started,
} from './session-record.ts';

const UNKNOWN: Refusal = { ok: false, code: 'not-found', detail: 'There is no such session.' };
const NOT_TO_BE_KEPT: Refusal = { ok: false, code: 'forbidden', detail: 'You may watch this, and not keep its file.' };

/** One viewer playing one item: its owner, generation, hand-over and progress. All decisions are in pure functions beside. */
export class Session {
  readonly #deps: SessionDeps;
  readonly #book: SessionBook;
  readonly #moves: SessionMoves;
  readonly #progress: ProgressSaver;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#book = new SessionBook(deps);
    this.#moves = new SessionMoves(deps, this.#book);
    const record = () => this.#book.record;
    this.#progress = new ProgressSaver({ deps, record, write: (next) => this.#book.write(next) });
  }

  /** Persists the session, then asks candidates in order. A repeated start gives the same answer. */
  async start(start: SessionStart): Promise<Started | Refusal> {
    if (this.#book.record) return this.#started();
    const record = newRecord(start, this.#deps.now());
    this.#book.write(record);
    const until = this.#deps.now() + START_BUDGET_MS;
    const plansOf = ({ plan, fallback }: Candidate) => (fallback ? [plan, fallback] : [plan]);
    const admission = await this.#moves.ask('opened', record.candidates, plansOf, until);
    if (admission.kind === 'none') {
      this.#book.apply('refused');
      return admission.refusal;
    }
    this.#book.tell('started');
    return this.#started();
  }

  /** Moves the session once, whoever and however many report the failure of one generation. */
  recover(generation: number, failure: FailureClass): Promise<({ ok: true } & Owner) | Refusal> {
    return this.#moves.recover(generation, failure);
  }

  /** The owner is to be stopped: another one takes over where there is one, and the viewer notices nothing. */
  handOver(agentId: string, generation: number): Promise<void> {
    return this.#moves.handOver(agentId, generation);
  }

  /** Whether an agent that says hello still has this session rightly. */
  owns(agentId: string, generation: number): boolean {
    if (!this.#book.isOwner(agentId, generation) || this.#book.record?.state === 'ended') return false;
    this.#book.apply('back');
    return true;
  }

  /** An agent ended its part. Only the present owner's word counts. */
  async agentEnded(agentId: string, generation: number, reason: string): Promise<void> {
    if (!this.#book.isOwner(agentId, generation)) return;
    if (reason === 'closed') await this.#end('expired', { close: false });
    else if (reason === 'lease' ? this.#book.apply('rested') : this.#lost(agentId)) this.#book.tell(null);
  }

  #lost(agentId: string): boolean {
    const failures = withFailure(this.#book.record?.failures ?? [], agentId, this.#deps.now());
    return this.#book.apply('lost', { failures });
  }

  /** The name of the machine that serves it, for people. */
  machine(): string | null {
    return this.#book.record?.owner?.agentName ?? null;
  }

  /** The name under which its viewer keeps the file; a refusal for those who may not. */
  keptAs(): { ok: true; title: string } | Refusal {
    const { record } = this.#book;
    if (!record || record.state === 'ended') return endOf(record);
    return record.mayKeep === false ? NOT_TO_BE_KEPT : { ok: true, title: record.title };
  }

  /** What playlists are made from. */
  manifest(): { ok: true; plan: Plan; timeline: Timeline | null } | Refusal {
    const record = this.#book.record;
    if (!record?.plan || record.state === 'ended') return endOf(record);
    return { ok: true, plan: record.plan, timeline: this.#deps.store.loadTimeline() };
  }

  /** Keeps where the viewer is; it reaches the database later. It does not keep the session alive. */
  progress(userId: number, report: Report): Kept | Refusal {
    const { record } = this.#book;
    if (!record || record.userId !== userId) return UNKNOWN;
    if (record.state === 'ended') return endOf(record);
    const positionMs = Math.min(report.positionMs, record.durationMs);
    const { state, bufferedMs = null, bitrate = null } = report;
    const shown = { at: this.#deps.now(), state, bufferedMs, bitrate };
    this.#book.write({ ...record, positionMs, shown, unsaved: true });
    // Who pauses is seen to pause; that it goes on is told with the next save.
    if (record.shown?.state !== state) this.#book.tell(null);
    return this.#kept();
  }

  /** Its machine has served its viewer past the edge. Only the present owner's word counts. */
  servedDirectly(agentId: string, generation: number, address: string | null): void {
    const { record } = this.#book;
    if (record?.state !== 'playing' || !this.#book.isOwner(agentId, generation)) return;
    const known = record.served ?? null;
    const now = this.#deps.now();
    this.#book.write({ ...record, served: { at: now, address } });
    if (!isDirectNow(known, now) || known?.address !== address) this.#book.tell(null);
  }

  /** Whom its own viewer may ask for bytes directly; null for others, and while nobody serves it. */
  servedBy(userId: number): (Owner & { expiresAt: number }) | null {
    const { record } = this.#book;
    if (!record || record.userId !== userId || record.state !== 'playing' || !record.owner) return null;
    const { owner, generation, expiresAt } = record;
    return { agentId: owner.agentId, generation, expiresAt };
  }

  /** The viewer stops at a position. Repeated, it changes nothing. */
  async stop(userId: number, positionMs: number): Promise<Kept | Refusal> {
    const { record } = this.#book;
    if (record?.userId === userId && record.state === 'ended') return this.#kept();
    const told = this.progress(userId, { positionMs, state: 'paused' });
    if (!told.ok) return told;
    await this.#end('stop', { close: true });
    return this.#kept();
  }

  #kept(): Kept {
    return { ok: true, bookmark: this.#progress.bookmark };
  }

  /** Where the film is now for its own viewer, who may want to go on elsewhere. Null for others, when it has ended, and of a file that is kept. */
  placeOf(userId: number): { itemId: number; positionMs: number; state: Report['state'] } | null {
    const { record } = this.#book;
    if (!record || record.userId !== userId || record.state === 'ended' || record.keeps) return null;
    const state = record.state === 'resting' ? 'paused' : (record.shown?.state ?? 'buffering');
    return { itemId: record.itemId, positionMs: positionNow(record, this.#deps.now()), state };
  }

  /** The same person goes on elsewhere: what was on here ends with a word, and its place is kept. */
  async leaveTo(userId: number, farewell: string): Promise<void> {
    const place = this.placeOf(userId);
    const { record } = this.#book;
    if (!place || !record) return;
    this.#book.write({ ...record, positionMs: place.positionMs, unsaved: true, elsewhere: true });
    await this.revoke(farewell);
  }

  /** Ends the session from outside: its user was signed out, or an admin says a word of farewell. */
  async revoke(farewell: string | null = null): Promise<void> {
    await this.#end('stop', { close: true, farewell });
  }

  /** Whatever is due by now; safe to run again at any time. */
  async alarm(): Promise<void> {
    const record = this.#book.record;
    if (!record) return;
    const now = this.#deps.now();
    if (record.state === 'ended') {
      const over = hasOutlived(record, now);
      if (record.unsaved && !(over && now >= record.expiresAt)) await this.#save();
      else if (over) {
        // Once more: a Fleet that missed its end would list it, and count it to its viewer, for as long as its ticket.
        this.#book.tell(null);
        return this.#book.forget();
      }
    } else if (record.state === 'moving' && now < record.expiresAt) {
      // Left over from an object that died in mid-move; a living move answers for itself.
      if (!this.#moves.moving && hasOutlived(record, now)) this.#book.apply('stranded');
    } else if (hasOutlived(record, now)) {
      await this.#end('expired', { close: true });
    } else if (record.unsaved && now - record.savedAt >= SAVE_EVERY_MS) {
      await this.#save();
    }
    this.#book.arm();
  }

  async #end(
    event: 'stop' | 'expired',
    { close, farewell = null }: { close: boolean; farewell?: string | null },
  ): Promise<void> {
    if (!this.#book.apply(event, { farewell })) return;
    const { id, owner, generation, unsaved } = this.#book.record as SessionRecord;
    this.#book.tell('ended');
    if (owner) this.#deps.background(this.#deps.over(owner.agentId, id, generation, null));
    if (close && owner) this.#moves.close(owner, generation);
    if (unsaved) await this.#save();
  }

  async #save(): Promise<void> {
    await this.#progress.save();
    this.#book.tell(null);
  }

  #started(): Started | Refusal {
    const record = this.#book.record;
    if (record?.state === 'opening') return { ok: false, code: 'conflict', detail: 'The session is being opened.' };
    if (!record?.plan || !record.owner || !record.file || record.state === 'ended') return endOf(null);
    const { copyId, fingerprint } = record.owner;
    return { ...ownerOf(record), copyId, fingerprint, plan: record.plan, file: record.file };
  }
}
