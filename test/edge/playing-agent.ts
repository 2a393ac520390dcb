import { env } from 'cloudflare:workers';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Timeline } from '../../shared/media/timeline.ts';
import type { BackgroundWork, Leave } from '../../shared/protocol/background.ts';
import type { CallParams } from '../../shared/protocol/calls.ts';
import type { Capabilities } from '../../shared/protocol/capabilities.ts';
import type { DirectAnnouncement } from '../../shared/protocol/direct.ts';
import type { AgentFrame, EdgeFrame } from '../../shared/protocol/frames.ts';
import { LATER_RESOURCES } from '../../shared/protocol/resources.ts';
import { mediaInfo } from '../fakes/media-samples.ts';
import { CAPABILITIES, FakeAgent, type FakeSocket } from './fake-agent.ts';

export const TIMELINE: Timeline = {
  frameRate: { num: 25, den: 1 },
  startTime: 0,
  runs: [[360_000, 3]],
  hash: 'a'.repeat(32),
};
export const FILE_SIZE = 1_000;

type Failure = Pick<Extract<AgentFrame, { type: 'failure' }>, 'class' | 'code' | 'detail'>;
type BytesFrame = Extract<EdgeFrame, { type: 'bytes' }>;

/** A body as text, whatever its type: `text()` warns of media. */
export async function textOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await response.arrayBuffer());
}

/** A film in the catalog; its copies come from agents. */
export async function addItem(kind = 'movie'): Promise<number> {
  const row = await env.DB.prepare(
    `INSERT INTO item (key, kind, browse, title, sort_title, added_at) VALUES (?, ?, 1, 'A film', 'a film', 1) RETURNING id`,
  )
    .bind(crypto.randomUUID(), kind)
    .first<{ id: number }>();
  return row?.id as number;
}

/** An agent that holds copies and plays them: it admits sessions and sends made-up bytes, unless told otherwise. */
export class PlayingAgent {
  readonly name: string;
  readonly opened: CallParams<'session.open'>[] = [];
  readonly closed: CallParams<'session.close'>[] = [];
  readonly asked: BytesFrame[] = [];
  /** Bytes of each of its files. */
  size = FILE_SIZE;
  readonly cancelled: string[] = [];
  /** What it refuses sessions with. */
  refuses: Failure | null = null;
  /** Of a release that knows no draining. */
  isOld = false;
  /** The keys of direct tickets that it was told beside its welcome. */
  readonly directKeys: (string | null)[] = [];
  onClosed: (() => void) | null = null;
  /** Numbers of the events that the edge has. */
  readonly acknowledged: number[] = [];
  /** What it was told to give up of its background work, and why. */
  readonly stopped: CallParams<'background.stop'>[] = [];
  /** What it refuses bytes with; `silent` never answers. */
  fails: Failure | 'silent' | null = null;
  /** Whether its files stop flowing after their first byte. */
  stalls = false;
  readonly #agent: FakeAgent;
  readonly #socket: FakeSocket;
  #seq = 1000;

  private constructor(name: string, agent: FakeAgent, socket: FakeSocket) {
    this.name = name;
    this.#agent = agent;
    this.#socket = socket;
    void this.#answerCalls();
    void this.#answerBytes();
    void this.#hearCancels();
    void this.#hearAcks();
  }

  /** `direct`: where viewers may come to it; `can` is what it says of itself beside its `resources`. */
  static async join(
    name: string,
    more: {
      resources?: readonly string[] | undefined;
      direct?: DirectAnnouncement;
      can?: Partial<Capabilities>;
    } = {},
  ): Promise<PlayingAgent> {
    const { resources = LATER_RESOURCES, direct, can = {} } = more;
    const agent = await FakeAgent.enrol();
    const site = await env.DB.prepare(
      `INSERT INTO site (name, created_at) VALUES ('Home', 1) ON CONFLICT DO UPDATE SET name = name RETURNING id`,
    ).first<{ id: number }>();
    await env.DB.prepare(`INSERT INTO agent (id, site_id, name, public_key, created_at) VALUES (?, ?, ?, 'x', 1)`)
      .bind(agent.id, site?.id, name)
      .run();
    return new PlayingAgent(
      name,
      agent,
      await agent.connect({
        capabilities: { ...CAPABILITIES, resources: [...resources], ...can },
        ...(direct ? { direct } : {}),
      }),
    );
  }

  get id(): string {
    return this.#agent.id;
  }

  /** Puts a copy of an item on this agent; equal fingerprints are equal bytes. */
  async hold(itemId: number, media: MediaInfo = mediaInfo(), fingerprint = 'f'.repeat(32)): Promise<void> {
    await env.DB.prepare(
      `INSERT INTO file (agent_id, root, path_hash, epoch, rev, item_id, path, size, mtime_ms, fingerprint, media)
      VALUES (?, 'films', ?, 'epoch', 1, ?, 'a.mp4', ?, 1, ?, ?)`,
    )
      .bind(this.id, crypto.randomUUID().replaceAll('-', ''), itemId, FILE_SIZE, fingerprint, JSON.stringify(media))
      .run();
  }

  tell(event: Extract<AgentFrame, { type: 'event' }>['event']): void {
    this.send({ type: 'event', seq: ++this.#seq, event });
  }

  send(frame: AgentFrame): void {
    this.#socket.send(frame);
  }

  /** Asks for leave for a piece of background work. */
  async askLeave(work: BackgroundWork): Promise<Leave> {
    const id = crypto.randomUUID();
    this.send({ type: 'background', id, work });
    const answer = await this.#socket.next('leave');
    if (answer.id !== id) throw new Error('an answer to something else');
    return answer.leave;
  }

  /** The machine goes away. */
  leave(): void {
    this.#socket.close();
  }

  async #answerCalls(): Promise<void> {
    for (;;) {
      const { id, method, params } = await this.#socket.next('call');
      if (method === 'session.close') {
        this.closed.push(params as CallParams<'session.close'>);
        this.onClosed?.();
        this.send({ type: 'answer', id, body: {} });
      } else if (method === 'background.stop') {
        this.stopped.push(params as CallParams<'background.stop'>);
        this.send({ type: 'answer', id, body: {} });
      } else if (method === 'agent.direct') {
        this.directKeys.push((params as CallParams<'agent.direct'>).key);
        this.send({ type: 'answer', id, body: {} });
      } else if (method === 'agent.drain' && this.isOld) {
        const detail = 'This agent knows no call "agent.drain"';
        this.send({ type: 'failure', id, class: 'content', code: 'bad-request', detail });
      } else if (method === 'agent.drain') {
        const { draining } = params as CallParams<'agent.drain'>;
        this.refuses = draining ? { class: 'liveness', code: 'agent-offline', detail: 'To be stopped.' } : null;
        this.send({ type: 'answer', id, body: { sessions: this.opened.length - this.closed.length } });
        this.tell({ kind: 'capacity', slotsUsed: 0, slotsTotal: 2, draining });
      } else {
        const open = params as CallParams<'session.open'>;
        this.opened.push(open);
        const timeline = open.plan.mode === 'direct' ? null : TIMELINE;
        const file = { size: this.size, contentType: 'video/mp4', etag: '"agent"' };
        if (this.refuses) this.send({ type: 'failure', id, ...this.refuses });
        else this.send({ type: 'answer', id, body: { timeline, file } });
      }
    }
  }

  async #answerBytes(): Promise<void> {
    for (;;) {
      const frame = await this.#socket.next('bytes');
      this.asked.push(frame);
      if (this.fails === 'silent') continue;
      if (this.fails) this.send({ type: 'failure', id: frame.id, ...this.fails });
      else void this.#upload(frame);
    }
  }

  async #hearCancels(): Promise<void> {
    for (;;) this.cancelled.push((await this.#socket.next('cancel')).id);
  }

  async #hearAcks(): Promise<void> {
    for (;;) this.acknowledged.push((await this.#socket.next('ack')).seq);
  }

  async #upload({ id, resource, range }: BytesFrame): Promise<void> {
    if (resource.kind !== 'file') {
      const contentType = typeOf(resource);
      await this.#agent.put(id, 0, new TextEncoder().encode(`${this.name} ${JSON.stringify(resource)}`), {
        total: `${this.name} ${JSON.stringify(resource)}`.length,
        contentType,
      });
      return;
    }
    const start = range?.start ?? 0;
    const end = range?.end ?? this.size - 1;
    const length = end - start + 1;
    const body = this.stalls ? stalledBody(length) : new Uint8Array(length).fill(start % 256);
    await this.#agent.put(id, 0, body, {
      total: length,
      contentType: 'video/x-matroska',
      etag: '"agent"',
      ...(range ? { range: `bytes ${start}-${end}/${this.size}` } : {}),
    });
  }
}

function typeOf(resource: BytesFrame['resource']): string {
  if (resource.kind === 'still' || (resource.kind === 'trickplay' && resource.sheet !== null)) return 'image/jpeg';
  if (resource.kind === 'font') return resource.font === null ? 'application/json' : 'font/ttf';
  if (resource.kind === 'subtitle' && resource.form === 'ass') return 'text/x-ssa; charset=utf-8';
  return resource.kind === 'subtitle' || resource.kind === 'trickplay' ? 'text/vtt; charset=utf-8' : 'video/mp4';
}

/** A body that stops after its first byte and never ends. */
function stalledBody(length: number): ReadableStream {
  const { readable, writable } = new FixedLengthStream(length);
  void writable.getWriter().write(new Uint8Array(1));
  return readable;
}
