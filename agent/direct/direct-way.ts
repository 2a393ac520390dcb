import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import { HearthcastError } from '../../shared/errors.ts';
import {
  DIRECT_PATH,
  DIRECT_WITHOUT_EDGE_MS,
  type DirectAddress,
  type DirectAnnouncement,
  type DirectTicket,
  identityStatement,
} from '../../shared/protocol/direct.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import type { Identity } from '../link/identity.ts';
import type { Flow } from '../link/put.ts';
import type { Playback } from '../playback/playback.ts';
import { announcedAddresses, isRemote, namesAmong, reachOf } from './addresses.ts';
import type { DirectConfig } from './config.ts';
import { type DirectRoute, type Listener, openListener } from './listener.ts';
import { ServiceLog } from './service-log.ts';
import { streamRoute } from './stream-route.ts';
import { openDirectTicket } from './tickets.ts';

/** How often the edge is told what went past it: now-playing is a little old, and the object sleeps in between. */
const REPORT_MS = 10_000;

/** How often names are looked up again: a machine that is carried about changes its addresses. */
const LOOKUP_MS = 5 * 60_000;

const UNLIMITED: Pick<Flow, 'admit' | 'onMoved'> = { admit: () => Promise.resolve(), onMoved: () => {} };

export interface DirectDeps {
  identity: Pick<Identity, 'agentId' | 'privateKey'>;
  playback: Pick<Playback, 'bytes' | 'lifeOf' | 'used'>;
  /** Beside the viewers' own route; see `openListener`. */
  routes: Map<string, DirectRoute>;
  /** The limit and the measure of the site's line. */
  flow(viewer: string, signal: AbortSignal): Pick<Flow, 'admit' | 'onMoved'>;
  onEvent(event: AgentEvent): void;
  log: Logger;
  reportMs?: number;
}

/** The way on which viewers come to this machine themselves: announced in the hello, good while the edge says so. */
export class DirectWay implements AsyncDisposable {
  readonly #config: DirectConfig;
  readonly #deps: DirectDeps;
  readonly #listener: Listener;
  readonly #privateKey: KeyObject;
  readonly #served = new ServiceLog();
  readonly #known = new Map<string, DirectAddress['reach']>();
  readonly #timers: NodeJS.Timeout[];
  #key: Buffer | null = null;
  /** Of the present key: aborted when it is good no more. */
  #grant = new AbortController();
  /** Added to the monotonic clock it is the edge's: tickets end by that one, whatever this machine's says. */
  #edgeClock = 0;
  /** Of the monotonic clock; null while the link is up. */
  #unlinkedAt: number | null = 0;

  private constructor(config: DirectConfig, deps: DirectDeps, listener: Listener) {
    this.#config = config;
    this.#deps = deps;
    this.#listener = listener;
    this.#privateKey = createPrivateKey({ key: deps.identity.privateKey, format: 'jwk' });
    this.#timers = [
      setInterval(() => this.#report(), deps.reportMs ?? REPORT_MS),
      setInterval(() => void this.#lookUp(), LOOKUP_MS),
    ];
    deps.routes.set(
      DIRECT_PATH,
      streamRoute({
        ticketOf: (word) => this.#ticketOf(word),
        mayServe: () => this.#unlinkedAt === null || performance.now() - this.#unlinkedAt < DIRECT_WITHOUT_EDGE_MS,
        granted: () => this.#grant.signal,
        prove: (nonce, origin) => this.#prove(nonce, origin),
        playback: deps.playback,
        flow: (viewer, peer, signal) => (isRemote(peer, ownAddresses()) ? deps.flow(viewer, signal) : UNLIMITED),
        counter: (ticket, host) => {
          const address = this.#addressOf(host);
          return (bytes) => this.#served.note(ticket, address, bytes);
        },
      }),
    );
  }

  /** Rejects with an AgentError where the port or the certificate cannot be used. */
  static async open(config: DirectConfig, deps: DirectDeps): Promise<DirectWay> {
    const { routes, log } = deps;
    const listener = await openListener({ ...config, routes, log });
    const way = new DirectWay(config, deps, listener);
    await way.#lookUp();
    const { addresses } = way.announcement();
    log.info({ port: listener.port, addresses: addresses.map(({ url }) => url) }, 'viewers may come here directly');
    return way;
  }

  get port(): number {
    return this.#listener.port;
  }

  /** For the hello. */
  announcement(): DirectAnnouncement {
    const { port, certificate } = this.#listener;
    const around = { interfaces: networkInterfaces(), port, x509: certificate?.x509 ?? null, known: this.#known };
    return { addresses: announcedAddresses(this.#config, around) };
  }

  /** The edge has welcomed this machine. */
  linked({ now, directKey }: { now: number; directKey: string | null }): void {
    this.#edgeClock = now - performance.now();
    this.#unlinkedAt = null;
    this.allow(directKey);
  }

  unlinked(): void {
    this.#unlinkedAt ??= performance.now();
  }

  /** The key of tickets from now on; null ends the direct way until there is one again. */
  allow(key: string | null): void {
    const next = key === null ? null : Buffer.from(key, 'base64url');
    if (this.#key && next?.equals(this.#key)) return;
    this.#key = next;
    this.#grant.abort(new HearthcastError('ticket-invalid'));
    this.#grant = new AbortController();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#listener[Symbol.asyncDispose]();
  }

  #ticketOf(word: string): DirectTicket | null {
    if (!this.#key) return null;
    const ticket = openDirectTicket(this.#key, word, this.#edgeClock + performance.now());
    return ticket?.agent === this.#deps.identity.agentId ? ticket : null;
  }

  #prove(nonce: string, origin: string): string {
    const statement = identityStatement({ agentId: this.#deps.identity.agentId, nonce, origin });
    return sign(null, Buffer.from(statement), this.#privateKey).toString('base64url');
  }

  #addressOf(host: string): string | null {
    const { addresses } = this.announcement();
    return addresses.find(({ url }) => new URL(url).host === host)?.url ?? null;
  }

  #report(): void {
    if (!this.#key) return;
    const sessions = this.#served.take();
    if (sessions.length > 0) this.#deps.onEvent({ kind: 'direct.served', sessions });
  }

  async #lookUp(): Promise<void> {
    const names = namesAmong(this.announcement().addresses);
    await Promise.all(
      names.map(async (name) => {
        const found = await lookup(name, { all: true }).catch(() => []);
        const reaches = new Set(found.map(({ address }) => reachOf(address)));
        if (reaches.size === 0) return;
        const nearest = (['loopback', 'local', 'public'] as const).find((reach) => reaches.has(reach));
        this.#known.set(name, nearest ?? 'public');
      }),
    );
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((infos = []) => infos.map(({ address }) => address));
}
