import type { Scheduler } from 'fast-check';
import type { Session } from '../../edge/playback/session.ts';
import type { Candidate, Owner, SessionRecord, Started } from '../../edge/playback/session-record.ts';
import type { CallParams } from '../../shared/protocol/calls.ts';
import type { FailureClass } from '../../shared/protocol/resources.ts';
import { mediaInfo } from '../fakes/media-samples.ts';
import {
  agentId,
  candidate,
  SESSION_ID,
  Surroundings,
  sessionStart,
  TIMELINE,
  TRANSCODE,
} from '../fakes/session-surroundings.ts';
import { ModelAgent } from './model-agent.ts';

export const NAMES = ['a', 'b', 'c'] as const;
export type Name = (typeof NAMES)[number];
export const SESSIONS = [0, 1, 2, 3] as const;
type Which = (typeof SESSIONS)[number];

/** An admission, an end or bytes, as the world wrote them down. */
export interface Admitted extends Owner {
  session: string;
}

/** An object that is gone: nothing that it began may be written any more. */
class Reset extends Error {}

/**
 * Sessions as the edge runs them, agents by their own rules, links that know which generations are over, and a clock.
 * Every message takes its time, and the scheduler decides whose comes first.
 */
export class World {
  now = 1_000_000;
  readonly agents = new Map<Name, ModelAgent>(NAMES.map((name) => [name, new ModelAgent()]));
  readonly admitted: Admitted[] = [];
  /** Bytes that reached a viewer. */
  readonly served: Admitted[] = [];
  /** What went wrong at the moment when it did. */
  readonly wrongs: string[] = [];
  readonly around: Surroundings[] = [];
  /** What agents admitted for an object that was gone before it heard of it: only hello or the lease ends these. */
  readonly orphans = new Set<string>();
  readonly #sessions: Session[] = [];
  readonly #alive: { value: boolean }[] = [];
  readonly #started = new Set<Which>();
  /** By agent and session: the newest generation that is over there, as the agent's link knows it. */
  readonly #over = new Map<string, number>();
  /** By session: the generation from which it moved last. */
  readonly #left = new Map<Which, number>();
  /** By agent and session: the newest generation that the agent was told to close since it was started. */
  readonly #closed = new Map<string, number>();
  /** Who ever was the owner of which generation: there are no other tickets. */
  readonly #owners = new Set<string>();
  /** By agent: how often its network was lost. A hello that was under way then is of a socket that is gone. */
  readonly #cuts = new Map<Name, number>();
  readonly #scheduler: Scheduler;
  #pending: Promise<unknown>[] = [];

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    for (const which of SESSIONS) {
      this.around[which] = new Surroundings();
      this.#load(which);
    }
  }

  /** Again and again, as a caller who heard no answer; but a name that is forgotten is never used for another session. */
  async start(which: Which): Promise<void> {
    if (this.#started.has(which) && !this.around[which]?.record) return;
    this.#started.add(which);
    // Of the first film there is one copy.
    const having = which === SESSIONS[0] ? NAMES.slice(0, 1) : NAMES;
    const candidates = having.map((name) => candidate(name, { plan: TRANSCODE, ...borrowing(which, name) }));
    const start = { ...sessionStart(candidates, this.now), id: idOf(which) };
    await this.#quietly(() => this.session(which).start(start) as Promise<Started>);
  }

  /** A viewer's request has failed; a late report of an old generation moves nothing. */
  async fail(which: Which, generation: number, failure: FailureClass): Promise<void> {
    const before = this.around[which]?.record;
    const late = before?.state === 'playing' && before.generation !== generation;
    const work = this.#quietly(() => this.session(which).recover(generation, failure));
    if (late && this.around[which]?.record?.state !== 'playing')
      this.wrongs.push(`${idOf(which)} moved by a late report`);
    await work;
  }

  stop(which: Which): Promise<void> {
    return this.#quietly(() => this.session(which).stop(7, 1));
  }

  handOver(which: Which, name: Name, generation: number): Promise<void> {
    return this.#quietly(() => this.session(which).handOver(agentId(name), generation));
  }

  /** A word of an agent about a session; one that is not of the present owner changes nothing. */
  async ended(which: Which, name: Name, generation: number, reason: 'lease' | 'shutdown'): Promise<void> {
    const before = this.around[which]?.record;
    const rightly = before?.generation === generation && before.owner?.agentId === agentId(name);
    const heard = this.#quietly(() => this.session(which).agentEnded(agentId(name), generation, reason));
    // The word is taken at once: what comes later is of something else.
    const after = this.around[which]?.record;
    if (!rightly && before?.state !== after?.state) this.wrongs.push(`${idOf(which)} heard an old owner`);
    await heard;
  }

  /** A viewer with some ticket: the owner that it names is asked, unless its link knows that it is over there. */
  async watch(which: Which, name: Name, generation: number): Promise<void> {
    const agent = this.agent(name);
    if (!this.#owners.has(keyOf(name, idOf(which), generation))) return;
    if (!agent.connected || generation <= (this.#over.get(`${name} ${idOf(which)}`) ?? 0)) return;
    if (!agent.serves(idOf(which), generation, this.now)) return;
    this.served.push({ session: idOf(which), agentId: agentId(name), generation });
    const record = this.around[which]?.record;
    const current = record?.owner?.agentId === agentId(name) && record.generation === generation;
    const left = record?.state === 'moving' && generation <= (this.#left.get(which) ?? 0);
    if (left || (this.idle && !current)) this.wrongs.push(`${name} served generation ${generation} of ${idOf(which)}`);
  }

  /** The object is thrown out of memory in the middle of whatever it does. */
  evict(which: Which): void {
    const alive = this.#alive[which];
    if (alive) alive.value = false;
    this.#load(which);
  }

  /** A machine loses its power, or only its network. */
  leave(name: Name, how: 'dies' | 'cut'): void {
    const agent = this.agent(name);
    agent.connected = false;
    agent.greeted = false;
    this.#cuts.set(name, (this.#cuts.get(name) ?? 0) + 1);
    if (how === 'cut') return;
    agent.die();
    for (const which of SESSIONS) this.#closed.delete(`${name} ${idOf(which)}`);
  }

  /** Its network fails for a moment, somewhere among what is under way. */
  async flicker(name: Name): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve(), `${name} is cut`);
    this.leave(name, 'cut');
    await this.#scheduler.schedule(Promise.resolve(), `${name} is back`);
    this.comeBack(name);
  }

  /** Its socket is there again; hello comes later. */
  comeBack(name: Name): void {
    this.agent(name).connected = true;
  }

  /** Both sides agree on what is open. */
  async hello(name: Name): Promise<void> {
    const agent = this.agent(name);
    if (!agent.connected || agent.greeted) return;
    const cuts = this.#cuts.get(name);
    for (const { id, generation } of agent.open) {
      const which = whichOf(id);
      let owns = true;
      await this.#quietly(async () => {
        owns = this.session(which).owns(agentId(name), generation);
      });
      if (this.#cuts.get(name) !== cuts) return;
      if (!owns) agent.close({ session: id, generation });
    }
    agent.greeted = true;
  }

  /** Time passes: leases and alarms fall due. */
  async pass(ms: number): Promise<void> {
    this.now += ms;
    for (const name of NAMES) {
      const agent = this.agent(name);
      for (const { id, generation } of agent.expire(this.now)) {
        this.orphans.delete(keyOf(name, id, generation));
        if (agent.connected) await this.ended(whichOf(id), name, generation, 'lease');
      }
    }
    for (const which of SESSIONS) {
      const { alarmAt } = this.around[which] as Surroundings;
      if (alarmAt !== null && alarmAt <= this.now) await this.#quietly(() => this.session(which).alarm());
    }
  }

  /** Everything that is under way comes to its end. */
  async settle(): Promise<void> {
    while (this.#pending.length > 0) {
      const pending = this.#pending.splice(0);
      await this.#scheduler.waitFor(Promise.allSettled(pending));
    }
  }

  /** Begins work that others may overtake. */
  begin(work: Promise<unknown>): void {
    this.#pending.push(work);
  }

  /** Whether nothing is under way: only then is memory what storage says, and a look means something. */
  get idle(): boolean {
    return this.#busy === 0;
  }

  agent(name: Name): ModelAgent {
    return this.agents.get(name) as ModelAgent;
  }

  session(which: Which): Session {
    return this.#sessions[which] as Session;
  }

  #busy = 0;

  async #quietly(work: () => Promise<unknown> | unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Reset)) throw error;
    }
  }

  #load(which: Which): void {
    const base = this.around[which] as Surroundings;
    const alive = { value: true };
    const life = new Surroundings();
    Object.assign(life, {
      now: () => this.now,
      wait: async (ms: number) => {
        this.now += ms;
      },
      store: {
        ...base.store,
        save: (record: SessionRecord) => {
          if (!alive.value) return;
          if (base.record?.state === 'playing' && record.state === 'moving') this.#left.set(which, record.generation);
          if (record.state === 'playing' && record.owner) {
            this.#owners.add(keyOf(nameOf(record.owner.agentId), record.id, record.generation));
          }
          base.store.save(record);
        },
        saveTimeline: (timeline: never) => alive.value && base.store.saveTimeline(timeline),
        clear: async () => {
          if (!alive.value) return;
          await base.store.clear();
          base.alarmAt = null;
        },
      },
      setAlarm: (at: number) => alive.value && base.setAlarm(at),
      over: async (id: string, session: string, generation: number) => {
        if (!alive.value) return;
        const key = `${nameOf(id)} ${session}`;
        this.#over.set(key, Math.max(generation, this.#over.get(key) ?? 0));
      },
      call: (id: string, method: string, params: CallParams<'session.open'>) => this.#call(id, method, params, alive),
      background: (work: Promise<unknown>) => this.begin(work.catch(() => {})),
    });
    this.#alive[which] = alive;
    this.#sessions[which] = life.session();
  }

  async #call(id: string, method: string, params: CallParams<'session.open'>, alive: { value: boolean }) {
    if (!alive.value) throw new Reset();
    this.#busy++;
    try {
      await this.#scheduler.schedule(Promise.resolve(), `${method} ${id[4]} ${params.generation}`);
      const answer = this.#arrive(nameOf(id), method, params);
      await this.#scheduler.schedule(Promise.resolve(), `answer of ${id[4]}`);
      if (!alive.value) {
        if (answer.ok && method === 'session.open')
          this.orphans.add(keyOf(nameOf(id), params.session, params.generation));
        throw new Reset();
      }
      return answer;
    } finally {
      this.#busy--;
    }
  }

  #arrive(name: Name, method: string, params: CallParams<'session.open'>) {
    const agent = this.agent(name);
    const away = { ok: false, class: 'liveness', code: 'agent-offline', detail: 'away' } as const;
    if (!agent.connected) return away;
    const key = `${name} ${params.session}`;
    if (method === 'session.close') {
      agent.close(params);
      this.#closed.set(key, Math.max(params.generation, this.#closed.get(key) ?? 0));
      return { ok: true, answer: {} };
    }
    // Who reads another's file compares its content before it admits the session.
    const lender = params.source && this.agent(nameOf(params.source.agent));
    if (lender && !lender.connected) return away;
    const verdict = agent.admit(params, this.now);
    if (verdict === 'away') return away;
    if (verdict === 'full') return { ok: false, class: 'capacity', code: 'capacity-full', detail: 'full' } as const;
    if (verdict === 'stale') return { ok: false, class: 'session', code: 'session-ended', detail: 'stale' } as const;
    if (params.generation <= (this.#closed.get(key) ?? 0)) this.wrongs.push(`${name} brought ${params.session} back`);
    this.admitted.push({ session: params.session, generation: params.generation, agentId: agentId(name) });
    return { ok: true, answer: { timeline: TIMELINE, file: { size: 1, contentType: 'video/mp4', etag: '"x"' } } };
  }
}

/** Of every other session the last agent has no copy: it encodes that of the first one. */
function borrowing(which: Which, name: Name): Pick<Candidate, 'source'> {
  if (which % 2 === 0 || name !== 'c') return {};
  const about = { agentName: 'agent a', path: 'A film.mkv', size: 1, mtimeMs: 1, media: mediaInfo() };
  return { source: { agentId: agentId('a'), ...about, addresses: ['http://a.lan'], mapped: false, readerKey: 'k' } };
}

export const idOf = (which: number) => `${SESSION_ID.slice(0, -1)}${which}`;
const whichOf = (id: string) => SESSIONS.find((one) => idOf(one) === id) as Which;
export const nameOf = (id: string) => NAMES.find((one) => agentId(one) === id) as Name;
export const keyOf = (name: Name, session: string, generation: number) => `${name} ${session} ${generation}`;
