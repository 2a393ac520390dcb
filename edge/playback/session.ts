import type { Plan } from '../../shared/media/plan.ts';
import type { Timeline } from '../../shared/media/timeline.ts';
import type { FailureClass } from '../../shared/protocol/resources.ts';
import { type Admission, type Attempt, askInOrder } from './admission.ts';
import { withFailure } from './cool-down.ts';
import { ProgressSaver } from './progress-saver.ts';
import { alarmOf, hasOutlived, SAVE_EVERY_MS } from './session-clock.ts';
import type { SessionDeps, SessionNews } from './session-deps.ts';
import {
  CLOSE_DEADLINE_MS,
  MOVE_BUDGET_MS,
  MOVE_PAUSE_MS,
  MOVE_ROUNDS,
  OPEN_DEADLINE_MS,
  START_BUDGET_MS,
  STRANDED_PAUSE_MS,
} from './session-limits.ts';
import {
  type Candidate,
  newRecord,
  type Owner,
  type Refusal,
  type SessionRecord,
  type SessionStart,
  type Started,
  summaryOf,
} from './session-record.ts';
import { type SessionEvent, TRANSITIONS } from './session-states.ts';
import { successorsOf } from './succession.ts';

const ENDED: Refusal = { ok: false, code: 'session-ended', detail: 'The session has ended: play the item again.' };
const UNKNOWN: Refusal = { ok: false, code: 'not-found', detail: 'There is no such session.' };

/** One viewer playing one item: its owner, generation, hand-over and progress. All decisions are in pure functions beside. */
export class Session {
  readonly #deps: SessionDeps;
  #record: SessionRecord | null;
  /** The move under way, which everyone who reports a failure meanwhile waits for. */
  #moving: Promise<({ ok: true } & Owner) | Refusal> | null = null;
  #stranded: Refusal | null = null;
  readonly #progress: ProgressSaver;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#record = deps.store.load();
    const record = () => this.#record;
    this.#progress = new ProgressSaver({ deps, record, write: (next) => this.#write(next) });
  }

  /** Persists the session, then asks candidates in order. A repeated start gives the same answer. */
  async start(start: SessionStart): Promise<Started | Refusal> {
    if (this.#record) return this.#started();
    const record = newRecord(start, this.#deps.now());
    this.#write(record);
    const until = this.#deps.now() + START_BUDGET_MS;
    const plansOf = ({ plan, fallback }: Candidate) => (fallback ? [plan, fallback] : [plan]);
    const admission = await this.#ask('opened', record.candidates, plansOf, until);
    if (admission.kind === 'none') {
      this.#apply('refused');
      return admission.refusal;
    }
    this.#tell('started');
    return this.#started();
  }

  /** Moves the session once, whoever and however many report the failure of one generation. */
  async recover(generation: number, failure: FailureClass): Promise<({ ok: true } & Owner) | Refusal> {
    const record = this.#record;
    if (!record || record.state === 'ended' || record.state === 'opening') return endOf(record);
    if (record.state === 'playing' && generation !== record.generation) return ownerOf(record);
    const resting = this.#deps.now() - record.stateSince < STRANDED_PAUSE_MS;
    if (record.state === 'lost' && this.#stranded && resting) return this.#stranded;
    this.#moving ??= this.#move(record, failure).finally(() => {
      this.#moving = null;
    });
    return this.#moving;
  }

  /** Whether an agent that says hello still has this session rightly. */
  owns(agentId: string, generation: number): boolean {
    if (!this.#isOwner(agentId, generation) || this.#record?.state === 'ended') return false;
    this.#apply('back');
    return true;
  }

  /** An agent ended its part. Only the present owner's word counts. */
  async agentEnded(agentId: string, generation: number, reason: string): Promise<void> {
    if (!this.#isOwner(agentId, generation)) return;
    if (reason === 'closed') await this.#end('expired', { close: false });
    else if (this.#apply(reason === 'lease' ? 'rested' : 'lost')) this.#tell(null);
  }

  /** What playlists are made from. */
  manifest(): { ok: true; plan: Plan; timeline: Timeline | null } | Refusal {
    const record = this.#record;
    if (!record?.plan || record.state === 'ended') return endOf(record);
    return { ok: true, plan: record.plan, timeline: this.#deps.store.loadTimeline() };
  }

  /** Keeps where the viewer is, in milliseconds; it reaches the database later. It does not keep the session alive. */
  progress(userId: number, positionMs: number): { ok: true } | Refusal {
    const record = this.#record;
    if (!record || record.userId !== userId) return UNKNOWN;
    if (record.state === 'ended') return ENDED;
    this.#write({ ...record, positionMs: Math.min(positionMs, record.durationMs), unsaved: true });
    return { ok: true };
  }

  /** The viewer stops at a position. Repeated, it changes nothing. */
  async stop(userId: number, positionMs: number): Promise<{ ok: true } | Refusal> {
    const told = this.progress(userId, positionMs);
    if (!told.ok) return told.code === 'session-ended' ? { ok: true } : told;
    await this.#end('stop', { close: true });
    return { ok: true };
  }

  /** Ends the session from outside: its user was signed out, or an admin says a word of farewell. */
  async revoke(farewell: string | null = null): Promise<void> {
    await this.#end('stop', { close: true, farewell });
  }

  /** Whatever is due by now; safe to run again at any time. */
  async alarm(): Promise<void> {
    const record = this.#record;
    if (!record) return;
    const now = this.#deps.now();
    if (record.state === 'ended') {
      const over = hasOutlived(record, now);
      if (record.unsaved && !(over && now >= record.expiresAt)) await this.#save();
      else if (over) return this.#forget();
    } else if (record.state === 'moving' && now < record.expiresAt) {
      // Left over from an object that died in mid-move; a living move answers for itself.
      if (!this.#moving && hasOutlived(record, now)) this.#apply('stranded');
    } else if (hasOutlived(record, now)) {
      await this.#end('expired', { close: true });
    } else if (record.unsaved && now - record.savedAt >= SAVE_EVERY_MS) {
      await this.#save();
    }
    this.#arm();
  }

  async #move(record: SessionRecord, failure: FailureClass): Promise<({ ok: true } & Owner) | Refusal> {
    const { owner: from, generation } = record;
    const now = this.#deps.now();
    const failures = from ? withFailure(record.failures, from.agentId, now) : record.failures;
    this.#apply('failed', { failures });
    // Before anyone else begins: from here on the old owner's late bytes reach nobody.
    if (from) await this.#deps.over(from.agentId, record.id, generation, null);
    const until = now + MOVE_BUDGET_MS;
    let admission: Admission | null = null;
    for (let round = 0; round < MOVE_ROUNDS; round++) {
      if (round > 0) await this.#deps.wait(MOVE_PAUSE_MS);
      const agents = await this.#deps.agents();
      const current = this.#record;
      if (current?.state !== 'moving') return endOf(current);
      const successors = successorsOf(current, from, failure, agents, this.#deps.now());
      admission = await this.#ask('moved', successors, () => (current.plan ? [current.plan] : []), until);
      if (admission.kind !== 'none' || !admission.retryable || this.#deps.now() >= until) break;
    }
    if (admission?.kind === 'admitted' && this.#record) {
      const owner = ownerOf(this.#record);
      const elsewhere = from !== null && from.agentId !== owner.agentId;
      if (from) this.#deps.background(this.#deps.over(from.agentId, this.#record.id, generation, owner));
      if (elsewhere) {
        this.#write({ ...this.#record, moves: this.#record.moves + 1 });
        this.#close(from.agentId, generation);
      }
      this.#tell(elsewhere ? 'moved' : null);
      return owner;
    }
    if (admission?.kind !== 'none') return endOf(this.#record);
    this.#stranded = admission.refusal;
    this.#apply('stranded');
    return admission.refusal;
  }

  #ask(
    event: 'opened' | 'moved',
    candidates: readonly Candidate[],
    plansOf: (candidate: Candidate) => Plan[],
    until: number,
  ): Promise<Admission> {
    const attempt = (candidate: Candidate, plan: Plan) => this.#attempt(event, candidate, plan);
    return askInOrder(candidates, plansOf, attempt, () => this.#deps.now() >= until);
  }

  async #attempt(event: 'opened' | 'moved', candidate: Candidate, plan: Plan): Promise<Attempt> {
    const before = this.#record;
    if (!before || TRANSITIONS[before.state][event] === null) return { kind: 'superseded' };
    const generation = before.generation + 1;
    const { agentId, agentName, copyId, root, pathHash, fingerprint, because = 'first' } = candidate;
    // Written before the agent is asked: whatever becomes of this object, no later attempt has this generation.
    this.#write({ ...before, generation, owner: { agentId, agentName, copyId, fingerprint, because } });
    const { timelineHash } = before;
    const copy = { root, pathHash };
    const startMs = before.positionMs;
    const params = { session: before.id, generation, copy, fingerprint, plan, timelineHash, startMs };
    const result = await this.#deps.call(agentId, 'session.open', params, OPEN_DEADLINE_MS);

    const after = this.#record;
    const superseded = after?.generation !== generation || TRANSITIONS[after.state][event] === null;
    if (!result.ok) return superseded ? { kind: 'superseded' } : { kind: 'refused', failure: result };
    const { timeline, file } = result.answer;
    const fits = timelineHash === null || timeline?.hash === timelineHash;
    if (superseded || !fits) {
      this.#close(agentId, generation);
      const detail = `${agentName} would cut this file elsewhere`;
      return superseded
        ? { kind: 'superseded' }
        : { kind: 'refused', failure: { class: 'session', code: 'conflict', detail } };
    }
    try {
      if (timeline) this.#deps.store.saveTimeline(timeline);
      const { size, contentType } = file;
      this.#apply(event, { plan, timelineHash: timeline?.hash ?? null, file: { size, contentType } });
    } catch (error) {
      this.#close(agentId, generation);
      throw error;
    }
    return { kind: 'admitted' };
  }

  async #end(
    event: 'stop' | 'expired',
    { close, farewell = null }: { close: boolean; farewell?: string | null },
  ): Promise<void> {
    if (!this.#apply(event, { farewell })) return;
    const { id, owner, generation, unsaved } = this.#record as SessionRecord;
    this.#tell('ended');
    if (owner) this.#deps.background(this.#deps.over(owner.agentId, id, generation, null));
    if (close && owner) this.#close(owner.agentId, generation);
    if (unsaved) await this.#save();
  }

  #close(agentId: string, generation: number): void {
    if (!this.#record) return;
    const params = { session: this.#record.id, generation };
    this.#deps.background(this.#deps.call(agentId, 'session.close', params, CLOSE_DEADLINE_MS));
  }

  async #save(): Promise<void> {
    await this.#progress.save();
    this.#tell(null);
  }

  #started(): Started | Refusal {
    const record = this.#record;
    if (record?.state === 'opening') return { ok: false, code: 'conflict', detail: 'The session is being opened.' };
    if (!record?.plan || !record.owner || !record.file || record.state === 'ended') return ENDED;
    const { copyId, fingerprint } = record.owner;
    return { ...ownerOf(record), copyId, fingerprint, plan: record.plan, file: record.file };
  }

  #isOwner(agentId: string, generation: number): boolean {
    return this.#record?.owner?.agentId === agentId && this.#record.generation === generation;
  }

  /** Takes an event by the table. False where it changes nothing. */
  #apply(event: SessionEvent, change: Partial<SessionRecord> = {}): boolean {
    const record = this.#record;
    const state = record && TRANSITIONS[record.state][event];
    if (!record || !state) return false;
    this.#write({ ...record, ...change, state, stateSince: this.#deps.now() });
    return true;
  }

  /** To storage first: where that fails, memory still says what storage says. */
  #write(record: SessionRecord): void {
    const next = { ...record, seq: record.seq + 1 };
    this.#deps.store.save(next);
    this.#record = next;
    this.#arm();
  }

  #arm(): void {
    if (this.#record) this.#deps.setAlarm(alarmOf(this.#record));
  }

  #tell(news: SessionNews): void {
    const record = this.#record;
    if (record) this.#deps.background(this.#deps.announce(summaryOf(record), record.userId, news));
  }

  async #forget(): Promise<void> {
    this.#record = null;
    await this.#deps.store.clear();
  }
}

function ownerOf(record: SessionRecord): { ok: true } & Owner {
  return { ok: true, agentId: record.owner?.agentId ?? '', generation: record.generation };
}

function endOf(record: SessionRecord | null): Refusal {
  return record?.farewell ? { ok: false, code: 'session-stopped', detail: record.farewell } : ENDED;
}
