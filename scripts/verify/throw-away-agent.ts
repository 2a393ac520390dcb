import { mkdtempSync, rmSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { postBatch } from '../../agent/library/sync/post-batch.ts';
import { AgentFailure, type LinkHandlers } from '../../agent/link/handlers.ts';
import { enrol } from '../../agent/link/identity.ts';
import { type Link, openLink } from '../../agent/link/link.ts';
import type { Heartbeat } from '../../agent/link/socket.ts';
import type { CallAnswer, CallMethod } from '../../shared/protocol/calls.ts';
import type { EdgeApi } from './edge-api.ts';
import { claimOfFilm, FILM_BYTES, writeFilm } from './made-up-film.ts';

const NAME = 'Hearthcast verify';
const ROOT = 'verify';
const CONNECT_MS = 20_000;

/** A machine with one made-up film, by the real link, in this process. Disposing of it removes it from the edge. */
export class ThrowAwayAgent implements AsyncDisposable {
  readonly link: Link;
  readonly title: string;
  /** How often the edge has welcomed it. */
  welcomes = 0;
  /** One for each request for bytes, aborted as soon as the edge says that its viewer has left. */
  readonly requests: AbortSignal[] = [];
  readonly #owned = new AsyncDisposableStack();

  private constructor(
    link: (handlers: LinkHandlers) => Link,
    film: { title: string; path: string; fingerprint: string; library: string },
  ) {
    this.title = film.title;
    this.link = link(this.#handlers(film));
    this.link.onConnected(() => this.welcomes++);
  }

  /** Enrols it and shares its film in a library. Throws with a sentence; nothing is left at the edge then. */
  static async join(
    edge: string,
    api: EdgeApi,
    { library, heartbeat, signal }: { library: string; heartbeat: Heartbeat; signal: AbortSignal },
  ): Promise<ThrowAwayAgent> {
    await using stack = new AsyncDisposableStack();
    const dataDir = mkdtempSync(join(tmpdir(), 'hearthcast-verify-'));
    stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
    const path = join(dataDir, 'film.mp4');
    writeFilm(path);
    const identity = await enrol({ edge, code: await api.enrolmentCode(), name: NAME, dataDir });
    stack.defer(() => api.removeAgent(identity.agentId));
    const film = claimOfFilm(ROOT);
    const log = pino({ level: 'silent' });
    const open = (handlers: LinkHandlers) => openLink({ edge, identity, handlers, log, signal, heartbeat });
    const agent = new ThrowAwayAgent(open, { ...film, path, library });
    stack.use(agent.link);
    await connected(agent.link, signal);
    const outcome = await postBatch({ edge, token: () => agent.link.token() }, film.batch, signal);
    if (outcome.kind !== 'applied') throw new Error('The edge did not take what the machine says of its film.');
    agent.#owned.use(stack.move());
    return agent;
  }

  /** What is to be done before it is removed. */
  onLeaving(last: () => Promise<void>): void {
    this.#owned.defer(last);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }

  #handlers({ path, fingerprint, library }: { path: string; fingerprint: string; library: string }): LinkHandlers {
    const root = { id: ROOT, name: NAME, library, state: 'ok' as const };
    return {
      state: () => ({
        capabilities: {
          ...{ platform: platform(), arch: arch(), hostname: NAME, cpus: 1, memoryBytes: 1_000_000_000 },
          ...{ ffmpeg: null, videoEncoders: [], gpus: [], transcodeSlots: 1 },
        },
        roots: [root],
        sessions: [],
      }),
      call: async <M extends CallMethod>(method: M) => {
        if (method === 'session.close') return {} as CallAnswer<M>;
        if (method !== 'session.open') throw new AgentFailure('content', 'bad-request', 'This machine only verifies.');
        const file = { size: FILM_BYTES, contentType: 'video/mp4', etag: `"${fingerprint}"` };
        return { timeline: null, file } as CallAnswer<M>;
      },
      bytes: async ({ resource, range }, signal) => {
        if (resource.kind !== 'file') throw new AgentFailure('content', 'not-found', 'This machine has one file only.');
        this.requests.push(signal);
        const end = Math.min(FILM_BYTES, (range?.end ?? FILM_BYTES - 1) + 1);
        const body = { path, start: range?.start ?? 0, end, size: FILM_BYTES };
        return { contentType: 'video/mp4', etag: `"${fingerprint}"`, body };
      },
    };
  }
}

async function connected(link: Link, signal: AbortSignal): Promise<void> {
  const late = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]);
  await new Promise<void>((resolve, reject) => {
    late.addEventListener('abort', () => reject(new Error('The machine’s WebSocket was not welcomed by the edge.')));
    link.onConnected(resolve);
    void link.ended.then((reason) => reject(new Error(`The edge closed the machine’s WebSocket: ${reason}.`)));
  });
}
