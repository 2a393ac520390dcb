import { DurableObject } from 'cloudflare:workers';
import type { Timeline } from '../../shared/media/timeline.ts';
import type { FailureClass } from '../../shared/protocol/resources.ts';
import { saveProgress } from '../db/user-items.ts';
import type { Env } from '../env.ts';
import { callAgent } from '../link/calls.ts';
import { FLEET_NAME } from '../playback/fleet-name.ts';
import { lendFilm } from '../playback/read-tickets.ts';
import { Session } from '../playback/session.ts';
import type { SessionDeps, SessionNews } from '../playback/session-deps.ts';
import type { Report } from '../playback/session-position.ts';
import {
  currentRecord,
  type SessionRecord,
  type SessionStart,
  type SessionSummary,
} from '../playback/session-record.ts';
import { publishEvent } from './event-publisher.ts';

/** Longest that a session waits for an agent's link to note its end: the link is an object, not the machine. */
const OVER_LIMIT_MS = 500;

const RECORD = 'session';
const TIMELINE = 'timeline';

/** One per session: owner, generation, lease, hand-over, progress. */
export class PlaybackSession extends DurableObject<Env> {
  readonly #session: Session;
  /** News leave one after the other, so that an old one never overtakes a newer. */
  #told: Promise<void> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#session = new Session(this.#deps());
  }

  start(start: SessionStart) {
    return this.#session.start(start);
  }

  /** A viewer's request failed at `generation`'s owner; answers who serves the session now. */
  recover(report: { generation: number; failure: FailureClass }) {
    return this.#session.recover(report.generation, report.failure);
  }

  /** Its owner is to be stopped: another agent takes over where there is one. */
  handOver(agentId: string, generation: number): Promise<void> {
    return this.#session.handOver(agentId, generation);
  }

  owns(agentId: string, generation: number): boolean {
    return this.#session.owns(agentId, generation);
  }

  agentEnded(agentId: string, generation: number, reason: 'lease' | 'closed' | 'failed' | 'shutdown'): Promise<void> {
    return this.#session.agentEnded(agentId, generation, reason);
  }

  /** The name of its owner, for people. */
  machine(): string | null {
    return this.#session.machine();
  }

  /** The name under which its viewer keeps the file. */
  keptAs() {
    return this.#session.keptAs();
  }

  manifest() {
    return this.#session.manifest();
  }

  progress(userId: number, report: Report) {
    return this.#session.progress(userId, report);
  }

  /** Its machine has served its viewer past the edge, by one of its addresses. */
  servedDirectly(agentId: string, generation: number, address: string | null): void {
    this.#session.servedDirectly(agentId, generation, address);
  }

  /** Whom its own viewer may ask for bytes directly. */
  servedBy(userId: number) {
    return this.#session.servedBy(userId);
  }

  placeOf(userId: number) {
    return this.#session.placeOf(userId);
  }

  /** Its own viewer goes on elsewhere; `farewell` is what is read here. */
  leaveTo(userId: number, farewell: string): Promise<void> {
    return this.#session.leaveTo(userId, farewell);
  }

  stop(userId: number, positionMs: number) {
    return this.#session.stop(userId, positionMs);
  }

  /** Ends it from outside; `farewell` is what the viewer is told. */
  revoke(farewell: string | null = null): Promise<void> {
    return this.#session.revoke(farewell);
  }

  override alarm(): Promise<void> {
    return this.#session.alarm();
  }

  #deps(): SessionDeps {
    const { ctx, env } = this;
    const { kv } = ctx.storage;
    return {
      now: Date.now,
      store: {
        load: () => {
          const stored = kv.get<SessionRecord>(RECORD);
          return stored ? currentRecord(stored) : null;
        },
        save: (record) => kv.put(RECORD, record),
        loadTimeline: () => kv.get<Timeline>(TIMELINE) ?? null,
        saveTimeline: (timeline) => kv.put(TIMELINE, timeline),
        clear: async () => {
          await ctx.storage.deleteAlarm();
          await ctx.storage.deleteAll();
        },
      },
      setAlarm: (at) => ctx.waitUntil(ctx.storage.setAlarm(at)),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      call: (agentId, method, params, deadlineMs) => callAgent(env, agentId, method, params, deadlineMs),
      lend: (source, about) => lendFilm(env, source, about),
      over: async (agentId, session, generation, to) => {
        const noted = env.AGENT_LINK.getByName(agentId)
          .endSession(session, generation, to)
          .catch((error) => console.warn('the end of a session was not noted', String(error)));
        await Promise.race([noted, new Promise((resolve) => setTimeout(resolve, OVER_LIMIT_MS))]);
      },
      agents: async () => {
        try {
          return await env.FLEET.getByName(FLEET_NAME).agents();
        } catch (error) {
          console.warn('the fleet did not answer', String(error));
          return [];
        }
      },
      saveProgress: async (...progress) => {
        const session = env.DB.withSession('first-primary');
        await saveProgress({ DB: session as unknown as D1Database }, ...progress);
        return session.getBookmark();
      },
      announce: (summary, userId, news) => {
        this.#told = this.#told.then(() => this.#announce(summary, userId, news));
        return this.#told;
      },
      background: (work) => ctx.waitUntil(work),
    };
  }

  async #announce(summary: SessionSummary, userId: number, news: SessionNews): Promise<void> {
    const { env } = this;
    try {
      await env.FLEET.getByName(FLEET_NAME).sessionChanged(summary);
    } catch (error) {
      console.warn('the fleet was not told', String(error));
    }
    if (news === null) return;
    const { farewell, elsewhere = false } = summary;
    const note = news === 'ended' && farewell ? { note: farewell, elsewhere } : {};
    const event = { topic: 'playback.state.changed', sessionId: summary.id, state: news, ...note } as const;
    await publishEvent(env, event, { users: [userId] });
    await publishEvent(env, event, { users: 'admins' });
  }
}
