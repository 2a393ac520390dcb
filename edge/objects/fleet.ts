import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';
import { type AgentChange, type AgentState, afterChange, excessAgents } from '../playback/agent-state.ts';
import { type Place, type Turn, takeTurn } from '../playback/queue.ts';
import { excessSessions, isNews, liveSessions } from '../playback/session-list.ts';
import type { SessionSummary } from '../playback/session-record.ts';

const AGENT = 'agent:';
const SESSION = 'session:';
const NETWORK = 'network:';
const QUEUE = 'queue';

/**
 * One per deployment: presence and load of every agent, the sessions that are watched now, and the queue of those who
 * wait for a slot. Hints that agents, sessions and players tell again; kept in storage so that an evicted object does not begin blind.
 */
export class Fleet extends DurableObject<Env> {
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
    if (known?.online && !next.online) await this.#tellSessionsOf(next.agentId);
  }

  async agents(): Promise<AgentState[]> {
    const serving = Map.groupBy(liveSessions(this.#sessions(), Date.now()), ({ agentId }) => agentId);
    return this.#agents().map((agent) => {
      const network = this.ctx.storage.kv.get<string>(NETWORK + agent.agentId);
      const sessions = (serving.get(agent.agentId) ?? []).filter(({ state }) => state === 'playing').length;
      return { ...agent, sessions, ...(network === undefined ? {} : { network }) };
    });
  }

  /** Where an agent connected from. */
  async agentAt(agentId: string, network: string): Promise<void> {
    this.ctx.storage.kv.put(NETWORK + agentId, network);
  }

  /** Whether it is somebody's turn to ask agents for a slot; keeps the queue of those who wait. */
  async turn(asker: { key: string; agentIds: string[]; refused: boolean }): Promise<Turn> {
    const { kv } = this.ctx.storage;
    const { turn, places } = takeTurn(kv.get<Place[]>(QUEUE) ?? [], this.#agents(), asker, Date.now());
    kv.put(QUEUE, places);
    return turn;
  }

  /** Somebody got what they waited for. */
  async leaveQueue(key: string): Promise<void> {
    const { kv } = this.ctx.storage;
    const places = kv.get<Place[]>(QUEUE) ?? [];
    if (places.length > 0)
      kv.put(
        QUEUE,
        places.filter((place) => place.key !== key),
      );
  }

  /** News of a session; an older one than what is known says nothing. */
  async sessionChanged(summary: SessionSummary): Promise<void> {
    const { kv } = this.ctx.storage;
    const key = SESSION + summary.id;
    if (!isNews(kv.get<SessionSummary>(key), summary)) return;
    if (summary.ended) kv.delete(key);
    else kv.put(key, summary);
    for (const { id } of excessSessions(this.#sessions(), Date.now())) kv.delete(SESSION + id);
  }

  /** What is watched now, newest first. */
  async sessions(): Promise<SessionSummary[]> {
    return liveSessions(this.#sessions(), Date.now());
  }

  /** Ends what a signed-out device watches, and with it the tickets of those sessions. */
  async signedOut(authSessionId: string): Promise<void> {
    const theirs = this.#sessions().filter((session) => session.authSessionId === authSessionId);
    await Promise.allSettled(theirs.map(({ id }) => this.env.PLAYBACK_SESSION.getByName(id).revoke()));
  }

  async #tellSessionsOf(agentId: string): Promise<void> {
    const theirs = this.#sessions().filter((session) => session.agentId === agentId);
    await Promise.allSettled(
      theirs.map(({ id, generation }) =>
        this.env.PLAYBACK_SESSION.getByName(id).agentEnded(agentId, generation, 'shutdown'),
      ),
    );
  }

  #agents(): AgentState[] {
    return [...this.ctx.storage.kv.list<AgentState>({ prefix: AGENT })].map(([, state]) => state);
  }

  #sessions(): SessionSummary[] {
    return [...this.ctx.storage.kv.list<SessionSummary>({ prefix: SESSION })].map(([, summary]) => summary);
  }
}
