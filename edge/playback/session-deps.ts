import type { Timeline } from '../../shared/media/timeline.ts';
import type { CallMethod, CallParams } from '../../shared/protocol/calls.ts';
import type { FilmSource, ReadTicket } from '../../shared/protocol/sources.ts';
import type { CallResult } from '../link/calls.ts';
import type { AgentState } from './agent-state.ts';
import type { Owner, SessionRecord, SessionSummary } from './session-record.ts';
import type { Source } from './source.ts';

/** What a session's news are about; null is only a new position. */
export type SessionNews = 'started' | 'moved' | 'ended' | null;

/** All that a session asks of its surroundings. */
export interface SessionDeps {
  now(): number;
  /** Synchronous, so that no other message of the object runs between a decision and its record. */
  store: {
    load(): SessionRecord | null;
    save(record: SessionRecord): void;
    loadTimeline(): Timeline | null;
    saveTimeline(timeline: Timeline): void;
    /** Forgets everything. */
    clear(): Promise<void>;
  };
  /** Milliseconds since 1970; one in the past is due at once. */
  setAlarm(at: number): void;
  wait(ms: number): Promise<void>;
  /** Never rejects. */
  call<M extends CallMethod>(
    agentId: string,
    method: M,
    params: CallParams<M>,
    deadlineMs: number,
  ): Promise<CallResult<M>>;
  /** Permits an agent to read another one's file. */
  lend(source: Source, about: Omit<ReadTicket, 'lender' | 'readerKey'>): Promise<FilmSource>;
  /**
   * Tells an agent's link that a session's generations up to this one are over there, and where it went: bodies that
   * still flow are cut, late requests are sent on. Never rejects, and never keeps anyone waiting for long.
   */
  over(agentId: string, session: string, generation: number, to: Owner | null): Promise<void>;
  /** Presence and load as far as known; empty where the Fleet does not answer. */
  agents(): Promise<AgentState[]>;
  /** Answers how new the database has to be for it to be there, where it tells. */
  saveProgress(
    userId: number,
    itemId: number,
    positionMs: number,
    durationMs: number,
    now: number,
  ): Promise<string | null>;
  /** Tells the Fleet, and people where there are news. Never rejects. */
  announce(summary: SessionSummary, userId: number, news: SessionNews): Promise<void>;
  /** Work that nobody waits for. */
  background(work: Promise<unknown>): void;
}
