import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { AgentFailure, type LinkHandlers } from '../../agent/link/handlers.ts';
import { enrol, loadIdentity } from '../../agent/link/identity.ts';
import { type Link, openLink } from '../../agent/link/link.ts';
import type { CallAnswer, CallMethod, CallParams } from '../../shared/protocol/calls.ts';
import { ModelAgent } from '../model/model-agent.ts';
import type { Deployment } from './deployment.ts';
import { TIMELINE } from './film.ts';

/** As large as the segments of a small picture, in which the edge's work is the same as in large ones. */
const SEGMENT = Buffer.alloc(8_192, 7);

const SWEEP_MS = 1_000;

export interface AgentOptions {
  slots: number;
  leaseMs: number;
}

/** An agent by the real protocol over the real link, with the real rules of admission, and no ffmpeg. */
export class SimulatedAgent implements AsyncDisposable {
  readonly id: string;
  readonly dataDir: string;
  readonly rules: ModelAgent;
  /** The most slots that were in use at once, by its own count. */
  mostUsed = 0;
  readonly #edge: string;
  readonly #sweep: NodeJS.Timeout;
  #link: Link | null = null;

  private constructor(id: string, dataDir: string, edge: string, options: AgentOptions) {
    this.id = id;
    this.dataDir = dataDir;
    this.#edge = edge;
    this.rules = new ModelAgent(options);
    this.#sweep = setInterval(() => this.#expire(), SWEEP_MS);
  }

  static async join(deployment: Deployment, name: string, options: AgentOptions): Promise<SimulatedAgent> {
    const dataDir = mkdtempSync(join(tmpdir(), 'hearthcast-sim-'));
    const code = await deployment.enrolmentCode();
    const { agentId } = await enrol({ edge: deployment.origin, code, name, dataDir });
    const agent = new SimulatedAgent(agentId, dataDir, deployment.origin, options);
    await agent.connect();
    return agent;
  }

  get connected(): boolean {
    return this.#link?.connected ?? false;
  }

  /** Resolves when the edge has welcomed it. */
  async connect(): Promise<void> {
    const identity = loadIdentity(this.dataDir);
    if (!identity) throw new Error('not enrolled');
    const log = pino({ level: 'silent' });
    const handlers = this.#handlers();
    const link = openLink({ edge: this.#edge, identity, handlers, log, signal: new AbortController().signal });
    this.#link = link;
    await new Promise<void>((resolve) => link.onConnected(resolve));
    this.#tellLoad();
  }

  /** `dies` forgets everything that it had open; `cut` keeps it, as a machine whose network has failed. */
  async leave(how: 'dies' | 'cut'): Promise<void> {
    const link = this.#link;
    this.#link = null;
    if (how === 'dies') this.rules.die();
    await link?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweep);
    await this.leave('dies');
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #handlers(): LinkHandlers {
    return {
      state: () => ({
        capabilities: {
          ...{ platform: 'linux', arch: 'x64', hostname: 'sim', cpus: 4, memoryBytes: 8e9, ffmpeg: '7.0', gpus: [] },
          ...{ videoEncoders: ['libx264'], transcodeSlots: this.rules.slots },
        },
        roots: [],
        sessions: this.rules.open,
      }),
      call: async <M extends CallMethod>(method: M, params: CallParams<M>) =>
        this.#call(method, params as never) as CallAnswer<M>,
      bytes: async ({ session, generation }) => {
        if (session === null || !this.rules.serves(session, generation, Date.now())) {
          throw new AgentFailure('session', 'session-ended', 'This machine does not have the session.');
        }
        return { contentType: 'video/mp4', etag: null, body: SEGMENT };
      },
    };
  }

  #call(method: CallMethod, params: CallParams<'session.open'>): unknown {
    if (method === 'session.close') {
      this.rules.close(params);
      this.#tellLoad();
      return {};
    }
    if (method !== 'session.open') throw new AgentFailure('content', 'bad-request', 'not simulated');
    const verdict = this.rules.admit(params, Date.now());
    if (verdict === 'full') throw new AgentFailure('capacity', 'capacity-full', 'This machine is busy.');
    if (verdict === 'stale') throw new AgentFailure('session', 'session-ended', 'A newer generation was here.');
    if (verdict === 'away') throw new AgentFailure('liveness', 'agent-offline', 'This machine is to be stopped.');
    this.mostUsed = Math.max(this.mostUsed, this.rules.used);
    this.#tellLoad();
    return { timeline: TIMELINE, file: { size: 1000, contentType: 'video/mp4', etag: '"sim"' } };
  }

  #expire(): void {
    for (const { id, generation } of this.rules.expire(Date.now())) {
      this.#link?.send({ kind: 'session.ended', session: id, generation, reason: 'lease' });
      this.#tellLoad();
    }
  }

  #tellLoad(): void {
    this.#link?.send({ kind: 'capacity', slotsUsed: this.rules.used, slotsTotal: this.rules.slots });
  }
}
