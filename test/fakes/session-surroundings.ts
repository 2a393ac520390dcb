import type { AgentState } from '../../edge/playback/agent-state.ts';
import { Session } from '../../edge/playback/session.ts';
import type { SessionDeps, SessionNews } from '../../edge/playback/session-deps.ts';
import type { Candidate, Owner, SessionRecord, SessionStart } from '../../edge/playback/session-record.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { Timeline } from '../../shared/media/timeline.ts';
import type { CallParams } from '../../shared/protocol/calls.ts';

export const SESSION_ID = `ses_${'s'.repeat(22)}`;
export const agentId = (name: string) => `agt_${name.repeat(22).slice(0, 22)}`;
const FINGERPRINT = 'f'.repeat(32);

export const TIMELINE: Timeline = {
  frameRate: { num: 25, den: 1 },
  startTime: 0,
  runs: [[360_000, 10]],
  hash: 'a'.repeat(32),
};

export const REMUX: Plan = {
  mode: 'remux',
  reasons: [],
  video: [
    {
      id: 'vcopy',
      stream: 0,
      action: 'copy',
      codec: 'h264',
      width: 1920,
      height: 1080,
      bitrate: 8_000_000,
      frameRate: { num: 25, den: 1 },
      codecs: 'avc1.640028',
      tonemap: false,
      deinterlace: false,
    },
  ],
  audio: [],
  subtitles: [],
};
export const DIRECT: Plan = { ...REMUX, mode: 'direct', video: [] };
export const TRANSCODE: Plan = {
  ...REMUX,
  mode: 'transcode',
  video: REMUX.video.map((video) => ({ ...video, id: 'v1080', action: 'transcode' as const })),
};

export function candidate(name: string, change: Partial<Candidate> = {}): Candidate {
  return {
    copyId: name.charCodeAt(0),
    agentId: agentId(name),
    agentName: `agent ${name}`,
    root: 'films',
    pathHash: '0'.repeat(32),
    fingerprint: FINGERPRINT,
    plan: REMUX,
    fallback: null,
    pixels: 1,
    ...change,
  };
}

export function sessionStart(candidates: Candidate[], now = 0): SessionStart {
  return {
    id: SESSION_ID,
    userId: 7,
    userName: 'ada',
    authSessionId: 'auth',
    itemId: 11,
    title: 'A film',
    durationMs: 3_600_000,
    expiresAt: now + 86_400_000,
    candidates,
  };
}

type Answer = Awaited<ReturnType<SessionDeps['call']>>;
export const failure = (
  failureClass: 'liveness' | 'capacity' | 'content' | 'session',
  code: Extract<Answer, { ok: false }>['code'],
): Answer => ({ ok: false, class: failureClass, code, detail: `because ${code}` });

/** What a session lives among, in memory: storage that outlives it, a clock, agents that answer as they are told. */
export class Surroundings implements SessionDeps {
  time = 1_000_000;
  record: SessionRecord | null = null;
  timeline: Timeline | null = null;
  alarmAt: number | null = null;
  states: AgentState[] = [];
  opened: { agentId: string; params: CallParams<'session.open'> }[] = [];
  closed: { agentId: string; generation: number }[] = [];
  ends: { agentId: string; generation: number; to: Owner | null }[] = [];
  saved: number[] = [];
  news: SessionNews[] = [];
  /** By agent: what it answers to `session.open`; absent admits. */
  answers = new Map<string, Answer | (() => Answer | Promise<Answer>)>();
  storageFails = false;
  databaseFails = false;

  /** The session as its object finds it after an eviction. */
  session(): Session {
    return new Session(this);
  }

  now = () => this.time;

  store = {
    load: () => structuredClone(this.record),
    save: (record: SessionRecord) => {
      if (this.storageFails) throw new Error('the disk is full');
      this.record = structuredClone(record);
    },
    loadTimeline: () => structuredClone(this.timeline),
    saveTimeline: (timeline: Timeline) => {
      this.timeline = structuredClone(timeline);
    },
    clear: async () => {
      this.record = null;
      this.timeline = null;
    },
  };

  setAlarm(at: number) {
    this.alarmAt = at;
  }

  async wait(ms: number) {
    this.time += ms;
  }

  call: SessionDeps['call'] = async (agent, method, params) => {
    if (method === 'session.close') {
      const { generation } = params as CallParams<'session.close'>;
      this.closed.push({ agentId: agent, generation });
      return { ok: true, answer: {} } as never;
    }
    const open = params as CallParams<'session.open'>;
    this.opened.push({ agentId: agent, params: structuredClone(open) });
    const told = this.answers.get(agent);
    const answer = typeof told === 'function' ? await told() : told;
    return (answer ?? this.admitted(open.plan.mode === 'direct' ? null : TIMELINE)) as never;
  };

  lend: SessionDeps['lend'] = async (
    { agentId: agent, path, size, mtimeMs, media, addresses },
    { reader, generation },
  ) => {
    return { agent, path, size, mtimeMs, media, addresses, ticket: `${reader} may read of ${agent} in ${generation}` };
  };

  over: SessionDeps['over'] = async (agent, _session, generation, to) => {
    this.ends.push({ agentId: agent, generation, to });
  };

  admitted(timeline: Timeline | null): Answer {
    const file = { size: 1000, contentType: 'video/mp4', etag: '"x"' };
    return { ok: true, answer: { timeline, file } } as Answer;
  }

  async agents() {
    return this.states;
  }

  async saveProgress(_userId: number, _itemId: number, positionMs: number) {
    if (this.databaseFails) throw new Error('the database is away');
    this.saved.push(positionMs);
    return null;
  }

  async announce(_summary: unknown, _userId: number, news: SessionNews) {
    this.news.push(news);
  }

  background(work: Promise<unknown>) {
    void work;
  }
}

/** A session that the first of its candidates admitted. */
export async function startedSession(candidates: Candidate[] = [candidate('a'), candidate('b')]) {
  const around = new Surroundings();
  const session = around.session();
  const started = await session.start(sessionStart(candidates, around.time));
  return { around, session, started };
}
