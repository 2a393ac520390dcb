import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';
import type { CallAnswer, CallMethod, CallParams } from '../shared/protocol/calls.ts';
import type { UpdateWishes } from '../shared/protocol/updates.ts';
import type { AgentConfig } from './config.ts';
import type { DirectDoor } from './direct/direct-door.ts';
import { AgentError } from './exit-codes.ts';
import { FolderCalls } from './folders/folder-calls.ts';
import type { Library } from './library/library.ts';
import { AgentFailure } from './link/handlers.ts';
import type { Link } from './link/link.ts';
import { AGENT_VERSION } from './link/version.ts';
import { type Changes, changesOf } from './reload.ts';
import { installationOf } from './update/installation.ts';
import { updateRules } from './update/update-rules.ts';
import { Updater, type UpdateStatus } from './update/updater.ts';
import { Versions } from './update/versions.ts';

/** The configuration file is looked at this often; an order and SIGHUP are at once. */
const LOOK_MS = 5000;

/** Whoever asked for a restart has the answer before the link goes. */
const ANSWER_MS = 300;

/** The calls that are about the machine itself. */
const METHODS = ['library.browse', 'roots.add', 'roots.remove', 'agent.update', 'agent.settings'] as const;
type UpkeepMethod = (typeof METHODS)[number];

export interface UpkeepOptions {
  config: AgentConfig;
  /** Reads flags, environment and file again. Throws an AgentError. */
  reread(): AgentConfig;
  edge: string;
  log: Logger;
  /** Null until they are there. */
  library(): Library | null;
  link(): Link | null;
  direct(): DirectDoor | null;
  /** Hands viewers over and ends the process for the launcher to start it again. */
  restart(): void;
}

/** What keeps a running agent as its owner wants it: configuration read again, folders chosen, newer versions taken. */
export class Upkeep implements Disposable {
  readonly #options: UpkeepOptions;
  readonly #updater: Updater;
  readonly #folders: FolderCalls;
  readonly #versions: Versions | null;
  #config: AgentConfig;
  /** What the deployment says of updates, as it last said. */
  #wishes: UpdateWishes | null = null;
  #offered: string | null = null;

  constructor(options: UpkeepOptions) {
    const { config, edge, log, library } = options;
    const restart = () => void setTimeout(options.restart, ANSWER_MS);
    this.#options = options;
    this.#config = config;
    const folder = process.env.HEARTHCAST_VERSIONS;
    this.#versions = folder ? new Versions(folder) : null;
    const installation = installationOf();
    const held = () => this.#config;
    const rules = () => updateRules(this.#config, this.#wishes);
    this.#updater = new Updater({ edge, rules, installation, versions: this.#versions, log, restart });
    this.#folders = new FolderCalls({
      config: held,
      roots: () => library()?.status() ?? [],
      reload: () => this.reload(),
    });
    watchFile(config.file, { interval: LOOK_MS, persistent: false }, () => void this.#lookAgain());
  }

  get updates(): UpdateStatus & { wishes: UpdateWishes | null } {
    return { ...this.#updater.status, wishes: this.#wishes };
  }

  /** The edge has welcomed this agent: a version on trial has come up. */
  connected(offered: string | null): void {
    this.#versions?.markHealthy(AGENT_VERSION);
    this.#offered = offered;
    void this.#updater.offered(offered);
  }

  /**
   * Reads the configuration again and takes over what a running agent can. Rejects with an AgentError where it is
   * wrong: what held holds on.
   */
  async reload(): Promise<Changes> {
    const { reread, log, library, link, direct } = this.#options;
    const before = this.#config;
    const after = reread();
    const changes = changesOf(before, after);
    const opensAnew = changes.live.some((name) => name.startsWith('direct.'));
    // First, since a port may be taken: then all that held before holds on.
    if (opensAnew) await direct()?.change(after.direct);
    this.#config = after;
    log.level = after.logLevel;
    if (before.uplinkLimit !== after.uplinkLimit) link()?.setUplinkLimit(after.uplinkLimit);
    if (['roots', 'rescan_minutes', 'follow_links'].some((name) => changes.live.includes(name))) {
      await library()?.setRoots(after.roots, after.rescanMs);
    }
    if (opensAnew) link()?.reconnect();
    if (changes.live.length + changes.restart.length > 0) log.info({ ...changes }, 'configuration read again');
    return changes;
  }

  async #lookAgain(): Promise<void> {
    try {
      await this.reload();
    } catch (error) {
      this.#options.log.error(`${(error as Error).message} What held before holds on.`);
    }
  }

  /** SIGHUP. */
  hangUp(): void {
    void this.#lookAgain();
  }

  /** Orders of the command line, by their paths on the control socket. */
  readonly orders: Readonly<Record<string, () => Promise<unknown>>> = {
    '/reload': () => this.reload(),
    '/restart': async () => {
      setTimeout(() => this.#options.restart(), ANSWER_MS);
      return {};
    },
  };

  handles(method: CallMethod): method is UpkeepMethod {
    return (METHODS as readonly CallMethod[]).includes(method);
  }

  /** Answers a call of the edge, or throws an AgentFailure. */
  async call(method: UpkeepMethod, params: CallParams<UpkeepMethod>): Promise<CallAnswer<UpkeepMethod>> {
    switch (method) {
      case 'library.browse':
        return await this.#folders.browse(params as CallParams<'library.browse'>);
      case 'roots.add':
        return await this.#folders.add(params as CallParams<'roots.add'>);
      case 'roots.remove':
        return await this.#folders.remove(params as CallParams<'roots.remove'>);
      case 'agent.settings':
        this.#wishes = (params as CallParams<'agent.settings'>).updates;
        void this.#updater.offered(this.#offered);
        return {};
      case 'agent.update':
        try {
          return { version: await this.#updater.take() };
        } catch (error) {
          if (error instanceof AgentError) throw new AgentFailure('content', 'conflict', error.message);
          throw error;
        }
    }
  }

  [Symbol.dispose](): void {
    unwatchFile(this.#config.file);
    this.#updater[Symbol.dispose]();
  }
}
