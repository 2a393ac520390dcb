import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CallAnswer, CallMethod, CallParams } from '../shared/protocol/calls.ts';
import type { Capabilities } from '../shared/protocol/capabilities.ts';
import type { CloseReason } from '../shared/protocol/close-codes.ts';
import type { AgentEvent } from '../shared/protocol/frames.ts';
import { LATER_RESOURCES } from '../shared/protocol/resources.ts';
import { READ_PREFIX } from '../shared/protocol/sources.ts';
import type { AgentConfig } from './config.ts';
import { DirectDoor } from './direct/direct-door.ts';
import type { DirectRoute } from './direct/listener.ts';
import { type AnnouncedEncoders, announcedEncoders, withEncoders } from './ffmpeg/announced-encoders.ts';
import { detectMachine } from './ffmpeg/capabilities.ts';
import { locateFfmpeg } from './ffmpeg/locate.ts';
import { type Library, openLibrary } from './library/library.ts';
import type { ScanOptions } from './library/scan-order.ts';
import { AgentFailure, type LinkHandlers } from './link/handlers.ts';
import type { Identity } from './link/identity.ts';
import { type Link, openLink } from './link/link.ts';
import { PROBE_TIMES } from './link/uplink-probe.ts';
import { AGENT_VERSION } from './link/version.ts';
import { openControl } from './local/control.ts';
import { openHttp } from './local/server.ts';
import type { AgentStatus } from './local/status.ts';
import type { Mapping } from './playback/borrowing/mapped-file.ts';
import { EdgeWord } from './playback/lending/edge-word.ts';
import { lendingRoute } from './playback/lending/lending-route.ts';
import { readSigner } from './playback/lending/read-proofs.ts';
import { sharingOf } from './playback/lending/sharing.ts';
import { createPlayback, type Playback } from './playback/playback.ts';
import { Upkeep } from './upkeep.ts';

/** Events that wait for the link to be opened; it keeps its own queue from then on. */
const MAX_EARLY_EVENTS = 1000;

/** Of the time for leaving, what the edge has to hand sessions over in peace; the rest is for their last bodies. */
const HAND_OVER_SHARE = 0.7;
const HAND_OVER_LOOK_MS = 25;
/** Films that one night may look at. */
const NIGHTLY_FILMS = 500;

export interface Agent extends AsyncDisposable {
  /** Why the edge does not want this agent back; null when it was stopped. */
  readonly ended: Promise<CloseReason | null>;
  status(): AgentStatus;
  /** Hands its sessions over: gives other machines and bodies on their way `ms` while the link is still there. */
  drain(ms: number): Promise<void>;
  /** SIGHUP: the configuration is read again. */
  hangUp(): void;
}

/** How the agent's process is told what to do. */
export interface AgentProcess {
  log: Logger;
  /** Ends it. */
  signal: AbortSignal;
  /** Reads the configuration again. Throws an AgentError. */
  reread(): AgentConfig;
  /** Hands viewers over and ends the process, to be started again. */
  restart(): void;
}

/**
 * Puts the agent together: library, playback, link, local server. The library begins to scan at once; the
 * link is opened as soon as the machine's capabilities are known.
 */
export async function createAgent(
  config: AgentConfig,
  identity: Identity,
  { log, signal, reread, restart }: AgentProcess,
): Promise<Agent> {
  await using stack = new AsyncDisposableStack();
  let link: Link | null = null;
  const early: AgentEvent[] = [];
  let encoders: AnnouncedEncoders | null = null;
  const onEvent = (event: AgentEvent) => {
    const told = withEncoders(event, encoders);
    if (link) link.send(told);
    else if (early.push(told) > MAX_EARLY_EVENTS) early.shift();
  };

  const binaries = await locateFfmpeg();
  if (!binaries)
    log.warn('ffmpeg and ffprobe are missing: no new files can be read. Install ffmpeg and start the agent again.');
  let library: Library | null = null;
  let playback: Playback | null = null;
  let door: DirectDoor | null = null;
  const upkeep = stack.use(
    new Upkeep({
      ...{ config, reread, edge: identity.edge, log, restart },
      library: () => library,
      link: () => link,
      direct: () => door,
    }),
  );
  const status = (): AgentStatus => ({
    agentId: identity.agentId,
    name: identity.name,
    edge: identity.edge,
    connected: link?.connected ?? false,
    pid: process.pid,
    roots: library?.status() ?? [],
    sessions: playback?.sessions().length ?? 0,
    slots: playback?.slots() ?? { used: 0, total: 0 },
    lent: playback?.lending.sessions ?? 0,
    version: AGENT_VERSION,
    update: upkeep.updates,
    draining: playback?.draining ?? false,
  });
  const scan = (root: string | null, options: ScanOptions) => library?.scan(root, options) ?? { started: false };
  const empty = (draining: boolean) => playback?.drain(draining) ?? { sessions: 0 };
  // Claims the data folder before anything is written into it.
  stack.use(await openControl(config.dataDir, { status, scan, drain: empty, log, orders: upkeep.orders }));
  if (config.port > 0) stack.use(await openHttp(config.port, { status, log }));

  library = stack.use(
    await openLibrary({
      ...{ roots: config.roots, dataDir: config.dataDir, binaries, log, signal, onEvent },
      rescanMs: config.rescanMs,
    }),
  );
  const films: Library = library;
  const { transcodeSlots } = config;
  const { capabilities: found, power } = await detectMachine(binaries);
  const capabilities = binaries && transcodeSlots !== null ? { ...found, transcodeSlots } : found;
  const announced = await announcedEncoders({ binaries, config, power, version: capabilities.ffmpeg });
  encoders = announced;
  const word = new EdgeWord();
  playback = stack.use(
    createPlayback({
      copies: library,
      newest: () => films.newest(NIGHTLY_FILMS),
      binaries,
      capabilities,
      power,
      cacheDir: join(config.dataDir, 'cache'),
      cacheBytes: config.cacheBytes,
      log,
      onEvent,
      borrowing: { sign: readSigner(identity.privateKey), mappings: config.mappings },
      lending: { agentId: identity.agentId, key: () => word.key, now: () => word.now() },
      leaveGiver: {
        ask: async (work) => (await link?.askLeave(work)) ?? 'own-rule',
        giveBack: (work) => link?.giveBack(work),
      },
    }),
  );
  const directRoutes = new Map<string, DirectRoute>([[READ_PREFIX, lendingRoute(playback.lending)]]);
  const direct = stack.use(
    await DirectDoor.open(config.direct, {
      ...{ identity, playback, routes: directRoutes, log, onEvent },
      flow: (viewer, signal) => open.flow(viewer, signal),
    }),
  );
  door = direct;
  const { mappings } = config;
  const open: Link = openLink({
    edge: identity.edge,
    identity,
    handlers: handlersOf({ library, playback, capabilities, encoders: announced, upkeep, direct, word, mappings }),
    log,
    signal,
    uplinkLimit: config.uplinkLimit,
    probe: PROBE_TIMES,
  });
  stack.use(open);
  link = open;
  for (const event of early.splice(0)) open.send(event);
  const engine = playback;
  // Whenever there is nothing better to do.
  announced.measure(signal).then(
    () => engine.tellLoad(),
    (error: unknown) => {
      if (!signal.aborted) log.debug({ err: error }, 'the speed of encoders could not be measured');
    },
  );
  const drain = async (ms: number) => {
    // Sessions elsewhere that read from here want to go over as well.
    const watched = () => engine.sessions().length + engine.lending.sessions > 0;
    const had = watched();
    engine.drain(true);
    if (!had) return;
    const until = performance.now() + ms * HAND_OVER_SHARE;
    while (watched() && performance.now() < until) await sleep(HAND_OVER_LOOK_MS);
    engine.endAll();
    await sleep(ms * (1 - HAND_OVER_SHARE));
  };
  open.onConnected(() => {
    engine.leaves.linked();
    upkeep.connected(open.offered);
    // Rejects never: what the edge does not take is logged and sent again.
    void films.sync({ edge: identity.edge, token: () => open.token() }, signal);
  });
  const owned = stack.move();
  return {
    ended: open.ended,
    status,
    drain,
    hangUp: () => upkeep.hangUp(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Parts {
  library: Library;
  playback: Playback;
  capabilities: Capabilities;
  encoders: AnnouncedEncoders;
  upkeep: Upkeep;
  direct: DirectDoor;
  word: EdgeWord;
  mappings: readonly Mapping[];
}

function handlersOf(parts: Parts): LinkHandlers {
  const { library, playback, capabilities, encoders, upkeep, direct, word, mappings } = parts;
  return {
    state() {
      const announcement = direct.way?.announcement() ?? null;
      const known = { videoEncoders: encoders.names(), resources: [...LATER_RESOURCES] };
      const can = { ...capabilities, ...known, ...sharingOf(announcement, mappings) };
      const open = { roots: library.roots(), sessions: playback.sessions() };
      return { capabilities: can, ...open, ...(announcement ? { direct: announcement } : {}) };
    },
    linked(welcome) {
      word.linked(welcome);
      direct.way?.linked(welcome);
    },
    unlinked: () => direct.way?.unlinked(),
    async call<M extends CallMethod>(method: M, params: CallParams<M>, signal: AbortSignal): Promise<CallAnswer<M>> {
      const answer = upkeep.handles(method)
        ? upkeep.call(method, params as CallParams<typeof method>)
        : dispatch(parts, method, params, signal);
      return (await answer) as CallAnswer<M>;
    },
    bytes: (request, signal) => playback.bytes(request, signal),
  };
}

async function dispatch(
  { library, playback, direct }: Parts,
  method: CallMethod,
  params: CallParams<CallMethod>,
  signal: AbortSignal,
): Promise<CallAnswer<CallMethod>> {
  switch (method) {
    case 'session.open':
      return await playback.open(params as CallParams<'session.open'>, signal);
    case 'session.close':
      playback.close(params as CallParams<'session.close'>);
      return {};
    case 'agent.direct':
      direct.way?.allow((params as CallParams<'agent.direct'>).key);
      return {};
    case 'background.stop':
      playback.leaves.stop((params as CallParams<'background.stop'>).work);
      return {};
    case 'agent.drain':
      return playback.drain((params as CallParams<'agent.drain'>).draining);
    case 'library.scan': {
      const { root, full = false, trigger } = params as CallParams<'library.scan'>;
      return library.scan(root, { full }, trigger);
    }
    case 'library.stop':
      return library.stop((params as CallParams<'library.stop'>).root);
    case 'library.settings':
      library.rescan((params as CallParams<'library.settings'>).rescanMinutes);
      return {};
    default:
      throw new AgentFailure('content', 'bad-request', `This agent knows no call "${method}"`);
  }
}
