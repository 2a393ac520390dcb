import type { Plan } from '../../shared/media/plan.ts';
import type { FailureClass } from '../../shared/protocol/resources.ts';
import { type Admission, type Attempt, askInOrder } from './admission.ts';
import { isPlaceable } from './agent-state.ts';
import { withFailure } from './cool-down.ts';
import type { SessionBook } from './session-book.ts';
import type { SessionDeps } from './session-deps.ts';
import {
  CLOSE_DEADLINE_MS,
  MOVE_BUDGET_MS,
  MOVE_PAUSE_MS,
  MOVE_ROUNDS,
  OPEN_DEADLINE_MS,
  STRANDED_PAUSE_MS,
} from './session-limits.ts';
import type { Candidate, Owner, Refusal, SessionOwner, SessionRecord } from './session-record.ts';
import { TRANSITIONS } from './session-states.ts';
import { otherCopy, otherWay, successorsOf } from './succession.ts';

const ENDED: Refusal = { ok: false, code: 'session-ended', detail: 'The session has ended: play the item again.' };

/** What an admission is for: the first owner, the next one after a failure, or one to whom a living owner hands over. */
type Purpose = 'opened' | 'moved' | 'handed';

type Outcome = ({ ok: true } & Owner) | Refusal;

/** A session's way from agent to agent. Each attempt has a generation of its own, written down before anyone is asked. */
export class SessionMoves {
  readonly #deps: SessionDeps;
  readonly #book: SessionBook;
  /** The move under way, which everyone who reports a failure meanwhile waits for. */
  #moving: Promise<Outcome> | null = null;
  #handing: Promise<void> | null = null;
  #stranded: Refusal | null = null;

  constructor(deps: SessionDeps, book: SessionBook) {
    this.#deps = deps;
    this.#book = book;
  }

  get moving(): boolean {
    return this.#moving !== null;
  }

  /** Asks candidates in order until one admits the session. */
  ask(
    purpose: Purpose,
    candidates: readonly Candidate[],
    plansOf: (candidate: Candidate) => Plan[],
    until: number,
  ): Promise<Admission> {
    const attempt = (candidate: Candidate, plan: Plan) => this.#attempt(purpose, candidate, plan);
    return askInOrder(candidates, plansOf, attempt, () => this.#deps.now() >= until);
  }

  /** Moves the session once, whoever and however many report the failure of one generation. */
  async recover(generation: number, failure: FailureClass): Promise<Outcome> {
    const { record } = this.#book;
    if (!record || record.state === 'ended' || record.state === 'opening') return endOf(record);
    if (record.state === 'playing' && generation !== record.generation) return ownerOf(record);
    const resting = this.#deps.now() - record.stateSince < STRANDED_PAUSE_MS;
    if (record.state === 'lost' && this.#stranded && resting) return this.#stranded;
    this.#moving ??= this.#move(record, failure).finally(() => {
      this.#moving = null;
    });
    return this.#moving;
  }

  /** Gives the session of an owner who is to be left in peace to another one. Where nobody takes it nothing changes. */
  handOver(agentId: string, generation: number): Promise<void> {
    this.#handing ??= this.#handOver(agentId, generation).finally(() => {
      this.#handing = null;
    });
    return this.#handing;
  }

  /** Tells an owner that its part is over, and the agent whose file it read that it reads no more. */
  close({ agentId, source }: Pick<SessionOwner, 'agentId' | 'source'>, generation: number): void {
    if (!this.#book.record) return;
    const params = { session: this.#book.record.id, generation };
    for (const each of source ? [agentId, source.agentId] : [agentId]) {
      this.#deps.background(this.#deps.call(each, 'session.close', params, CLOSE_DEADLINE_MS));
    }
  }

  async #move(record: SessionRecord, failure: FailureClass): Promise<Outcome> {
    const { owner: from, generation } = record;
    const now = this.#deps.now();
    // Whoever has only been asked in vain, or has let go of a paused film, has not failed: a viewer who asks every second
    // would keep everybody at rest.
    const failures = from && record.state === 'playing' ? withFailure(record.failures, from.agentId, now) : null;
    this.#book.apply('failed', failures ? { failures } : {});
    // Before anyone else begins: from here on the old owner's late bytes reach nobody.
    if (from) await this.#deps.over(from.agentId, record.id, generation, null);
    const until = now + MOVE_BUDGET_MS;
    let admission: Admission | null = null;
    let refusal: Refusal | null = null;
    for (let round = 0; round < MOVE_ROUNDS; round++) {
      if (round > 0) await this.#deps.wait(MOVE_PAUSE_MS);
      const agents = await this.#deps.agents();
      const current = this.#book.record;
      if (current?.state !== 'moving') return endOf(current);
      const successors = successorsOf(current, from, failure, agents, this.#deps.now());
      admission = await this.ask('moved', successors, () => (current.plan ? [current.plan] : []), until);
      if (admission.kind !== 'none') break;
      const { code } = admission.refusal;
      const instead =
        code === 'not-playable'
          ? otherWay(from, successors, agents)
          : code === 'capacity-full'
            ? null
            : otherCopy(current, from, successors, agents);
      refusal = instead ?? admission.refusal;
      if (!admission.retryable || this.#deps.now() >= until) break;
    }
    const after = this.#book.record;
    if (admission?.kind === 'admitted' && after) return this.#moved(after, from, generation);
    if (admission?.kind !== 'none' || !refusal) return endOf(after);
    this.#stranded = refusal;
    // Not the last one that was asked in vain: whoever takes it later takes it from whom the viewer had it.
    this.#book.apply('stranded', { owner: from });
    // Where it only seemed to be away, its slot is free again.
    if (from) this.close(from, generation);
    return refusal;
  }

  /** After the admission of another owner, or of the same one again. */
  #moved(record: SessionRecord, from: SessionRecord['owner'], generation: number): Outcome {
    const owner = ownerOf(record);
    const elsewhere = from !== null && from.agentId !== owner.agentId;
    if (from) this.#deps.background(this.#deps.over(from.agentId, record.id, generation, owner));
    if (elsewhere) {
      this.#book.write({ ...record, moves: record.moves + 1 });
      this.close(from, generation);
    }
    this.#book.tell(elsewhere ? 'moved' : null);
    return owner;
  }

  async #handOver(agentId: string, generation: number): Promise<void> {
    const agents = await this.#deps.agents();
    const { record } = this.#book;
    if (!record?.plan || record.state !== 'playing' || !this.#book.isOwner(agentId, generation)) return;
    const { owner: from, plan } = record;
    const successors = successorsOf(record, from, 'liveness', agents, this.#deps.now());
    const leaving = new Set(agents.flatMap((agent) => (isPlaceable(agent) ? [] : [agent.agentId])));
    const others = successors.filter(
      ({ agentId: other, source }) => other !== agentId && !(source && leaving.has(source.agentId)),
    );
    const admission = await this.ask('handed', others, () => [plan], this.#deps.now() + MOVE_BUDGET_MS);
    const after = this.#book.record;
    if (admission.kind !== 'admitted' || !after) return;
    this.#book.write({ ...after, moves: after.moves + 1 });
    // Late requests must find their way before the old owner knows nothing of the session any more.
    await this.#deps.over(agentId, after.id, generation, ownerOf(after));
    if (from) this.close(from, generation);
    this.#book.tell('moved');
  }

  async #attempt(purpose: Purpose, candidate: Candidate, plan: Plan): Promise<Attempt> {
    const before = this.#book.record;
    if (!before || TRANSITIONS[before.state][purpose] === null) return { kind: 'superseded' };
    const generation = before.tried + 1;
    const { agentId, agentName, siteId, remote, bitrate, copyId, root, pathHash, fingerprint } = candidate;
    const { because = 'first', source } = candidate;
    const read = source && { agentId: source.agentId, agentName: source.agentName };
    const owner = { agentId, agentName, siteId, remote, bitrate, copyId, fingerprint, because, source: read };
    // Written before the agent is asked: whatever becomes of this object, no later attempt has this generation.
    // An owner who hands over stays the owner until another one has admitted the session.
    this.#book.write({ ...before, tried: generation, ...(purpose === 'handed' ? {} : { generation, owner }) });
    const { timelineHash } = before;
    const copy = { root, pathHash };
    const startMs = before.positionMs;
    const params = { session: before.id, generation, copy, fingerprint, plan, timelineHash, startMs };
    const { expiresAt, id: session } = before;
    const about = { reader: agentId, session, generation, root, pathHash, fingerprint, expiresAt };
    const film = source ? { source: await this.#deps.lend(source, about) } : {};
    const result = await this.#deps.call(agentId, 'session.open', { ...params, ...film }, OPEN_DEADLINE_MS);

    const after = this.#book.record;
    const superseded = after?.tried !== generation || TRANSITIONS[after.state][purpose] === null;
    // It may have admitted what it did not say in time.
    if (!result.ok && result.code === 'agent-timeout') this.close(owner, generation);
    if (!result.ok) return superseded ? { kind: 'superseded' } : { kind: 'refused', failure: result };
    const { timeline, file } = result.answer;
    const fits = timelineHash === null || timeline?.hash === timelineHash;
    if (superseded || !fits) {
      this.close(owner, generation);
      const detail = `${agentName} would cut this file elsewhere`;
      return superseded
        ? { kind: 'superseded' }
        : { kind: 'refused', failure: { class: 'session', code: 'conflict', detail } };
    }
    try {
      if (timeline) this.#deps.store.saveTimeline(timeline);
      const { size, contentType } = file;
      const made = { plan, timelineHash: timeline?.hash ?? null, file: { size, contentType } };
      this.#book.apply(purpose, { generation, owner, ...made });
    } catch (error) {
      this.close(owner, generation);
      throw error;
    }
    return { kind: 'admitted' };
  }
}

export function ownerOf(record: SessionRecord): { ok: true } & Owner {
  return { ok: true, agentId: record.owner?.agentId ?? '', generation: record.generation };
}

/** What becomes of a request for a session that is not there, or not any more. */
export function endOf(record: SessionRecord | null): Refusal {
  if (!record?.farewell) return ENDED;
  return { ok: false, code: record.elsewhere ? 'session-elsewhere' : 'session-stopped', detail: record.farewell };
}
