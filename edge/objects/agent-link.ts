import { DurableObject } from 'cloudflare:workers';
import { version } from '../../package.json';
import { HearthcastError } from '../../shared/errors.ts';
import type { CallMethod, CallParams } from '../../shared/protocol/calls.ts';
import type { DirectAddress } from '../../shared/protocol/direct.ts';
import { enrolledAgent } from '../db/agents.ts';
import type { Env } from '../env.ts';
import { failureOf } from '../link/aborts.ts';
import { Adoption } from '../link/adoption.ts';
import { bearerOf, claimedAgent } from '../link/agent-token.ts';
import { type CallResult, MAX_CALLS, PendingCall } from '../link/calls.ts';
import { Control } from '../link/control.ts';
import { observerOf } from '../link/deliver.ts';
import { LinkStorage } from '../link/link-storage.ts';
import { LinkCounters, type LinkMetrics } from '../link/metrics.ts';
import { admitOrder, ByteOrder, failureResponse, ORDER_DEADLINE_MS } from '../link/orders.ts';
import { partNumber } from '../link/parts.ts';
import { judgePresence } from '../link/presence.ts';
import { Relay } from '../link/relay.ts';
import { SessionEnds, type Successor } from '../link/session-ends.ts';
import { AgentSockets } from '../link/sockets.ts';
import { makeStreamId, STREAM_LIFE_MS } from '../link/stream-id.ts';
import { authoriseUpgrade } from '../link/upgrade.ts';
import { Work } from '../link/work.ts';
import { directKeyOf } from '../playback/direct-tickets.ts';
import { FLEET_NAME } from '../playback/fleet-name.ts';
import { networkOf } from '../playback/network.ts';

/** To take note of it; where it does not, its next hello tells it again. */
const DIRECT_DEADLINE_MS = 5_000;

/** The Fleet is told again after this long that an agent is away, where it could not be. */
const TELL_AGAIN_MS = 10_000;

/** One per agent: authenticates and holds the control socket, calls and answers, presence, the meeting point of bytes. */
export class AgentLink extends DurableObject<Env> {
  readonly #storage: LinkStorage;
  readonly #sockets: AgentSockets;
  readonly #counters = new LinkCounters();
  readonly #work: Work;
  readonly #control: Control;
  readonly #ends: SessionEnds;
  readonly #adoption = new Adoption((agentId) => enrolledAgent(this.env, agentId));

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = new LinkStorage(ctx.storage);
    this.#sockets = new AgentSockets(ctx);
    this.#work = new Work({ now: () => Date.now(), onSilence: () => this.#control.silent() });
    this.#ends = new SessionEnds(ctx.storage, this.#work);
    this.#control = new Control({
      sockets: this.#sockets,
      storage: this.#storage,
      work: this.#work,
      counters: this.#counters,
      observer: observerOf(env),
      now: () => Date.now(),
      directKey: () => this.#directKey(),
      agentVersion: env.RELEASE_SIGNATURE ? version : null,
      changed: () => this.#look(),
    });
  }

  /** The agent's public key, from its enrolment. */
  async enrol(agentId: string, publicKey: string): Promise<void> {
    this.#storage.enrol({ agentId, publicKey });
  }

  /** The agent is no longer of this deployment: its socket closes as `removed`, its key is forgotten. */
  async remove(): Promise<void> {
    await this.#control.remove();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** Calls the agent; `deadlineMs` is the longest that it may work on it. See `callAgent`. */
  async call<M extends CallMethod>(method: M, params: CallParams<M>, deadlineMs: number): Promise<CallResult<M>> {
    if (this.#work.count(null).calls >= MAX_CALLS) return { ok: false, ...failureOf('too-many') };
    const pending = new PendingCall(method, deadlineMs, Date.now());
    this.#work.add(pending);
    if (!this.#control.send(pending.frame(params))) pending.abort('offline');
    try {
      return await pending.answered;
    } finally {
      this.#work.remove(pending.id);
    }
  }

  /** A session is over here up to a generation: it went to `to`, or cuts its bodies where nobody follows (yet). */
  async endSession(session: string, generation: number, to: Successor | null): Promise<void> {
    this.#ends.note(session, generation, to, Date.now());
  }

  /** How viewers may come to the agent itself: where it is, and by which key they know it. Null for no agent. */
  async direct(): Promise<{
    addresses: DirectAddress[];
    publicKey: string;
    allowed: boolean;
    online: boolean;
  } | null> {
    const enrolled = this.#storage.enrolled();
    if (!enrolled) return null;
    const addresses = this.#storage.directAddresses();
    const online = this.#sockets.current() !== null;
    return { addresses, publicKey: enrolled.publicKey, allowed: this.#storage.directAllowed(), online };
  }

  /** Lets viewers come to the agent itself, or not: it is told at once, and again at each hello. */
  async allowDirect(allowed: boolean): Promise<void> {
    this.#storage.setDirectAllowed(allowed);
    if (this.#storage.directAddresses().length === 0) return;
    await this.call('agent.direct', { key: await this.#directKey() }, DIRECT_DEADLINE_MS);
  }

  /** For the deployment's metrics. */
  async metrics(): Promise<LinkMetrics> {
    const { agent, calls } = this.#work.count(null);
    return this.#counters.snapshot({ sockets: this.#sockets.ready().length, streams: agent, calls });
  }

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    try {
      if (pathname === '/bytes') return await this.#bytes(request);
      if (pathname === '/agent/v1/connect') return await this.#connect(request);
      return await this.#put(request);
    } catch (error) {
      if (!(error instanceof HearthcastError)) throw error;
      const problem = error.toProblem();
      return Response.json(problem, {
        status: problem.status,
        headers: { 'content-type': 'application/problem+json' },
      });
    }
  }

  async #directKey(): Promise<string | null> {
    const agentId = this.#storage.enrolled()?.agentId;
    const may = this.#storage.directAllowed() && this.#storage.directAddresses().length > 0;
    return agentId && may ? directKeyOf(this.env, agentId) : null;
  }

  /** A deployment that was brought back from a backup has its machines in the database only. */
  async #adopt(request: Request): Promise<void> {
    const agentId = claimedAgent(bearerOf(request));
    const known = await this.#adoption.of(agentId, Date.now());
    if (!known) return;
    this.#storage.enrol({ agentId, publicKey: known.publicKey });
    this.#storage.setDirectAllowed(known.directAllowed);
  }

  async #connect(request: Request): Promise<Response> {
    if (!this.#storage.enrolled()) await this.#adopt(request);
    await authoriseUpgrade(this.env, this.#storage, request, Date.now());
    const agentId = this.#storage.enrolled()?.agentId;
    const network = networkOf(request.headers.get('cf-connecting-ip'));
    // Only placement's preference of a viewer's own network rests on it.
    if (agentId && network) this.ctx.waitUntil(noteNetwork(this.env, agentId, network));
    const { 0: client, 1: server } = new WebSocketPair();
    this.#sockets.accept(server, this.#storage.nextSerial(), Date.now());
    await this.#look();
    return new Response(null, { status: 101, webSocket: client });
  }

  async #bytes(request: Request): Promise<Response> {
    const order = ByteOrder.parse(await request.json());
    const late = this.#ends.answer(order.session, order.generation);
    if (late) return late;
    const agentId = this.#storage.enrolled()?.agentId;
    if (!agentId || !this.#sockets.current()) return failureResponse(failureOf('offline'));
    if (!this.#control.knows(order.resource)) return failureResponse(failureOf('unknown-kind'));
    const { session, generation } = order;
    const admission = admitOrder(session, this.#work.count(session));
    if (admission === 'refuse') return failureResponse(failureOf('too-many'));
    if (admission === 'supersede') this.#work.oldestUnanswered(session)?.abort('superseded');
    const now = Date.now();
    const id = await makeStreamId(this.env, { agentId, session, generation, expiresAt: now + STREAM_LIFE_MS });
    const relay = new Relay(id, order, {
      now,
      deadlineMs: ORDER_DEADLINE_MS,
      counters: this.#counters,
      onEnd: (ended, how) => this.#control.relayEnded(ended, how),
    });
    this.#work.add(relay);
    this.#counters.streamsStarted++;
    // While no byte flows this signal is the only word of a viewer who leaves.
    request.signal.addEventListener('abort', () => relay.abort('viewer-left'));
    if (!this.#control.send({ type: 'bytes', id, ...order, deadlineMs: ORDER_DEADLINE_MS })) relay.abort('offline');
    return relay.answered;
  }

  async #put(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const relay = this.#work.relay(url.pathname.split('/').at(-1) ?? '');
    if (!relay) return new Response(null, { status: 410 });
    const part = partNumber(url.searchParams.get('part'));
    return new Response(null, { status: await relay.put(part, request.headers, request.body, () => Date.now()) });
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#control.message(socket, message);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    await this.#control.closed(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#control.closed(socket);
  }

  override async alarm(): Promise<void> {
    await this.#look();
    // About once a minute: a Fleet that was thrown away, or that could not take what it was told, is complete again.
    await this.#control.tellState();
  }

  /** Acts on what time has done to sockets and presence, and arms the alarm for the next look. */
  async #look(): Promise<void> {
    const views = this.#sockets.views();
    this.#noteGone();
    const view = { ...this.#storage.presence(), busy: this.#work.busy, sockets: views.map((entry) => entry.view) };
    const verdict = judgePresence(view, Date.now());
    for (const { socket, reason } of verdict.close) {
      const entry = views[socket];
      if (entry) this.#control.drop(entry.socket, reason);
    }
    const told = !verdict.offline || (await this.#tellOffline());
    const nextAt = told ? verdict.nextAt : Date.now() + TELL_AGAIN_MS;
    if (nextAt !== null) await this.ctx.storage.setAlarm(nextAt);
  }

  /** The last socket may have gone without a word: with the machine of the edge, or while storage failed. */
  #noteGone(): void {
    const { online, closedAt } = this.#storage.presence();
    if (online && closedAt === null && !this.#sockets.current()) {
      this.#storage.setPresence({ online, closedAt: Date.now() });
    }
  }

  /** False where it has to be told again. */
  async #tellOffline(): Promise<boolean> {
    try {
      await this.#control.tellOffline();
      return true;
    } catch (error) {
      console.error(JSON.stringify({ level: 'error', event: 'nobody was told of an agent', error: String(error) }));
      return false;
    }
  }
}

async function noteNetwork(env: Env, agentId: string, network: string): Promise<void> {
  try {
    await env.FLEET.getByName(FLEET_NAME).agentAt(agentId, network);
  } catch (error) {
    console.warn('the fleet was not told where an agent is', String(error));
  }
}
