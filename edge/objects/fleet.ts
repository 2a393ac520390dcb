import { DurableObject } from 'cloudflare:workers';
import type { BackgroundWork, Leave } from '../../shared/protocol/background.ts';
import type { Env } from '../env.ts';
import { type AgentChange, type AgentState, afterChange, excessAgents } from '../playback/agent-state.ts';
import { type Grant, type Household, judgeLeave, liveGrants, returned, takenBack } from '../playback/background.ts';
import { lentTo } from '../playback/lent-to.ts';
import { type Asker, type Place, standings, type Turn, takeTurn } from '../playback/queue.ts';
import { sendingOf } from '../playback/sending.ts';
import { excessSessions, forgottenBy, isNews, liveSessions } from '../playback/session-list.ts';
import type { SessionSummary } from '../playback/session-record.ts';
import type { Standing } from '../playback/standing.ts';
import { stopBackground } from '../playback/stop-background.ts';
import { liveReservations, type Reservation, streamsOf } from '../playback/streams.ts';
import { publishEvent } from './event-publisher.ts';

const AGENT = 'agent:';
const SESSION = 'session:';
const NETWORK = 'network:';
const QUEUE = 'queue';
const RESERVED = 'reserved';
const BACKGROUND = 'background';

/**
 * One per deployment: presence and load of every agent, the sessions that are watched now, and the queue of those who
 * wait for a slot. Hints that agents, sessions and players tell again; kept in storage so that an evicted object does not begin blind.
 */
export class Fleet extends DurableObject<Env> {
  /** What those who wait were told last, by the key of their place: an evicted object tells once more. */
  readonly #told = new Map<string, string>();

  /** News of an agent. When it goes offline its sessions learn it, and wait for it or for a viewer's next request. */
  async agentChanged(change: AgentChange): Promise<void> {
    const { kv } = this.ctx.storage;
    const known = kv.get<AgentState>(AGENT + change.agentId);
    const next = afterChange(known, change, Date.now());
    if (!next) return;
    kv.put(AGENT + next.agentId, next);
    for (const { agentId } of excessAgents(this.#agents())) {
      kv.delete(AGENT + agentId);
      kv.delete(NETWORK + agentId);
    }
    // An agent that is away goes by its own rule, and asks again when it is back.
    if (!next.online) this.#forgetWork(next.agentId);
    else if (next.draining) this.#stepAside();
    if (known?.online && !next.online) await this.#tellSessionsOf(next.agentId);
    const comes = next.online && (!known?.online || (known.draining && !next.draining));
    if (comes || next.draining) this.ctx.waitUntil(this.#handOver());
    this.#tellWaiting();
  }

  /** What an agent has open, by its hello; what it is thought to have beside that was lost with its process. */
  async agentHas(agentId: string, open: string[], saidAt: number): Promise<void> {
    this.#forgetWork(agentId);
    const forgotten = forgottenBy(agentId, open, saidAt, this.#sessions());
    this.ctx.waitUntil(this.#tellLost(forgotten));
  }

  async agents(): Promise<AgentState[]> {
    const sessions = liveSessions(this.#sessions(), Date.now());
    const serving = Map.groupBy(sessions, ({ agentId }) => agentId);
    const { byAgent } = sendingOf(sessions);
    const lending = lentTo(sessions);
    const working = Map.groupBy(liveGrants(this.#grants(), Date.now()), ({ agentId }) => agentId);
    return this.#agents().map((agent) => {
      const network = this.ctx.storage.kv.get<string>(NETWORK + agent.agentId);
      const playing = (serving.get(agent.agentId) ?? []).filter(({ state }) => state === 'playing').length;
      const sending = byAgent.get(agent.agentId) ?? 0;
      const background = [...new Set(working.get(agent.agentId)?.map(({ work }) => work.kind))];
      const beside = { lending: lending.get(agent.agentId) ?? [], background };
      return { ...agent, sessions: playing, sending, ...beside, ...(network === undefined ? {} : { network }) };
    });
  }

  /** What placement looks at: the agents, and the bits a second that leave each site. */
  async standing(): Promise<Standing> {
    return { agents: await this.agents(), sending: sendingOf(liveSessions(this.#sessions(), Date.now())).bySite };
  }

  /** Where an agent connected from. */
  async agentAt(agentId: string, network: string): Promise<void> {
    this.ctx.storage.kv.put(NETWORK + agentId, network);
  }

  /** Whether it is somebody's turn to ask agents for a slot; keeps the queue of those who wait. */
  async turn(asker: Asker & { refused: boolean }): Promise<Turn> {
    const { kv } = this.ctx.storage;
    const { turn, places } = takeTurn(kv.get<Place[]>(QUEUE) ?? [], this.#agents(), asker, Date.now());
    kv.put(QUEUE, places);
    this.#tellWaiting(asker.key);
    this.#stepAside();
    return turn;
  }

  /** Whether an agent may do a piece of background work now, or go on with it. */
  async leave(agentId: string, work: BackgroundWork): Promise<Leave> {
    const { leave, grants } = judgeLeave(this.#grants(), this.#household(), { agentId, work }, Date.now());
    this.ctx.storage.kv.put(BACKGROUND, grants);
    return leave;
  }

  /** A piece of background work is done, or was given up. */
  async workDone(agentId: string, work: BackgroundWork): Promise<void> {
    this.ctx.storage.kv.put(BACKGROUND, returned(this.#grants(), { agentId, work }, Date.now()));
  }

  /** Somebody got what they waited for. */
  async leaveQueue(key: string): Promise<void> {
    const { kv } = this.ctx.storage;
    const places = kv.get<Place[]>(QUEUE) ?? [];
    if (places.length === 0) return;
    const others = places.filter((place) => place.key !== key);
    kv.put(QUEUE, others);
    this.#tellWaiting();
  }

  /**
   * Whether an account may watch one more, of `max` at once. True keeps the place for a session that is about to begin:
   * two devices at the same moment do not both get the last one. `except` is a session that ends for this one.
   */
  async mayWatch(accountId: number, session: string, max: number, except: string | null): Promise<boolean> {
    const { kv } = this.ctx.storage;
    const now = Date.now();
    const sessions = liveSessions(this.#sessions(), now);
    const reserved = liveReservations(kv.get<Reservation[]>(RESERVED) ?? [], sessions, now);
    const may = streamsOf(accountId, sessions, reserved, except) < max;
    kv.put(RESERVED, may ? [...reserved, { session, accountId, at: now }] : reserved);
    return may;
  }

  /** A start came to nothing, or has told of itself. */
  async willNotWatch(session: string): Promise<void> {
    const { kv } = this.ctx.storage;
    const reserved = kv.get<Reservation[]>(RESERVED) ?? [];
    const others = reserved.filter((one) => one.session !== session);
    if (others.length < reserved.length) kv.put(RESERVED, others);
  }

  /** News of a session; an older one than what is known says nothing. */
  async sessionChanged(summary: SessionSummary): Promise<void> {
    const { kv } = this.ctx.storage;
    const key = SESSION + summary.id;
    if (!isNews(kv.get<SessionSummary>(key), summary)) return;
    if (summary.ended) kv.delete(key);
    else kv.put(key, summary);
    await this.willNotWatch(summary.id);
    this.#stepAside();
    for (const { id } of excessSessions(this.#sessions(), Date.now())) kv.delete(SESSION + id);
  }

  /** What is watched now, newest first. */
  async sessions(): Promise<SessionSummary[]> {
    return liveSessions(this.#sessions(), Date.now());
  }

  /** Ends what signed-out devices watch, and with it the tickets of those sessions. */
  async signedOut(authSessionIds: readonly string[]): Promise<void> {
    const theirs = this.#sessions().filter((session) => authSessionIds.includes(session.authSessionId));
    await Promise.allSettled(theirs.map(({ id }) => this.env.PLAYBACK_SESSION.getByName(id).revoke()));
  }

  async #tellSessionsOf(agentId: string): Promise<void> {
    await this.#tellLost(this.#sessions().filter((session) => session.agentId === agentId));
  }

  async #tellLost(sessions: readonly SessionSummary[]): Promise<void> {
    await Promise.allSettled(
      sessions.map(({ id, agentId, generation }) =>
        this.env.PLAYBACK_SESSION.getByName(id).agentEnded(agentId, generation, 'shutdown'),
      ),
    );
  }

  /** Sessions of agents that are to be stopped go over to others: when that begins, and whenever somebody else comes. */
  async #handOver(): Promise<void> {
    const draining = new Set(this.#agents().flatMap((agent) => (agent.draining ? [agent.agentId] : [])));
    // Whoever reads the files of one that leaves has to go on elsewhere too.
    const theirs = this.#sessions().filter(
      ({ agentId, source, state }) =>
        (draining.has(agentId) || (source && draining.has(source.agentId))) && state === 'playing',
    );
    await Promise.allSettled(
      theirs.map(({ id, agentId, generation }) =>
        this.env.PLAYBACK_SESSION.getByName(id).handOver(agentId, generation),
      ),
    );
  }

  /** People come first: what is done in the background where they wait or watch is taken back. */
  #stepAside(): void {
    const known = this.#grants();
    if (known.length === 0) return;
    const { back, grants } = takenBack(known, this.#household(), Date.now());
    if (grants.length < known.length) this.ctx.storage.kv.put(BACKGROUND, grants);
    for (const { grant, because } of back) {
      this.ctx.waitUntil(stopBackground(this.env, grant.agentId, grant.work, because));
    }
  }

  #forgetWork(agentId: string): void {
    const known = this.#grants();
    const others = known.filter((grant) => grant.agentId !== agentId);
    if (others.length < known.length) this.ctx.storage.kv.put(BACKGROUND, others);
  }

  #household(): Household {
    const places = this.ctx.storage.kv.get<Place[]>(QUEUE) ?? [];
    return { agents: this.#agents(), places, sessions: liveSessions(this.#sessions(), Date.now()) };
  }

  /** Tells those whose place has changed; `asking` has just been answered. */
  #tellWaiting(asking: string | null = null): void {
    const all = standings(this.ctx.storage.kv.get<Place[]>(QUEUE) ?? [], this.#agents(), Date.now());
    for (const key of this.#told.keys()) if (!all.some(({ who }) => who.key === key)) this.#told.delete(key);
    for (const { who, place, go } of all) {
      const said = `${place} ${go}`;
      if (this.#told.get(who.key) === said) continue;
      this.#told.set(who.key, said);
      if (who.key === asking) continue;
      const event = { topic: 'playback.queue.moved', itemId: String(who.itemId), place, go } as const;
      this.ctx.waitUntil(publishEvent(this.env, event, { users: [who.userId] }));
    }
  }

  #grants(): Grant[] {
    return this.ctx.storage.kv.get<Grant[]>(BACKGROUND) ?? [];
  }

  #agents(): AgentState[] {
    return [...this.ctx.storage.kv.list<AgentState>({ prefix: AGENT })].map(([, state]) => state);
  }

  #sessions(): SessionSummary[] {
    return [...this.ctx.storage.kv.list<SessionSummary>({ prefix: SESSION })].map(([, summary]) => summary);
  }
}
