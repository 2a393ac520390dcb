import type { Logger } from 'pino';
import { parseHours, withinHours } from '../config/hours.ts';
import { AgentError } from '../exit-codes.ts';
import { AGENT_VERSION } from '../link/version.ts';
import type { Installation } from './installation.ts';
import { askRelease, fetchRelease, judgeRelease, type VerifiedRelease } from './release.ts';
import type { UpdateRules } from './update-rules.ts';
import type { Versions } from './versions.ts';

/** How often an update that waits for its hours is thought of again. */
const THINK_MS = 5 * 60_000;

/** What a machine knows of newer agents. */
export interface UpdateStatus {
  /** Offered, verified, and not taken yet; null where there is none. */
  available: string | null;
  /** Why it is not taken by itself. */
  note: string | null;
}

export interface UpdaterOptions {
  edge: string;
  /** What holds at this moment. */
  rules(): UpdateRules;
  installation: Installation;
  /** The folder of versions; null where nothing is installed that could be changed. */
  versions: Versions | null;
  log: Logger;
  /** Hands viewers over and ends the process, so that the launcher starts what is current. */
  restart(): void;
}

/** Looks at what the edge offers, and takes it by itself where the owner of the machine said so. */
export class Updater implements Disposable {
  readonly #options: UpdaterOptions;
  readonly #timer: NodeJS.Timeout;
  #status: UpdateStatus = { available: null, note: null };
  #found: VerifiedRelease | null = null;
  #busy = false;

  constructor(options: UpdaterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#think(), THINK_MS);
    this.#timer.unref();
  }

  get status(): UpdateStatus {
    return this.#status;
  }

  /** The edge says which release it offers. Rejects never: what is wrong with an offer is logged. */
  async offered(version: string | null): Promise<void> {
    const { rules, edge, log } = this.#options;
    if (version === null || version === AGENT_VERSION || rules().mode === 'off' || this.#busy) return;
    try {
      const { key, channel } = rules();
      const release = await askRelease(edge, key);
      if (judgeRelease(release.manifest, AGENT_VERSION, channel) !== 'newer') return;
      this.#found = release;
      this.#say(release.manifest.version, whyNot(this.#options));
      log.info({ version: release.manifest.version }, 'a newer agent is offered');
      await this.#think();
    } catch (error) {
      this.#say(null, (error as Error).message);
      log.warn({ err: error }, 'the update that the edge offers cannot be taken');
    }
  }

  /** Takes what is offered now, by the word of a person. Resolves with its version; throws an AgentError. */
  async take(): Promise<string> {
    const { edge, rules, versions } = this.#options;
    const obstacle = whyNot(this.#options);
    if (obstacle || !versions) throw new AgentError(obstacle ?? 'This agent has no folder of versions.');
    const { key, channel } = rules();
    const release = await askRelease(edge, key);
    const verdict = judgeRelease(release.manifest, AGENT_VERSION, channel);
    if (verdict !== 'newer') throw new AgentError(VERDICTS[verdict]);
    await this.#install(release, versions);
    return release.manifest.version;
  }

  async #think(): Promise<void> {
    const { rules, versions, log } = this.#options;
    const { mode, hours } = rules();
    const found = this.#found;
    if (!found || !versions || this.#busy || mode !== 'automatic' || whyNot(this.#options)) return;
    if (versions.state().refused.includes(found.manifest.version)) {
      return this.#say(
        found.manifest.version,
        'It did not come up here the last time; "hearthcast-agent update" tries again.',
      );
    }
    if (!withinHours(hours === null ? null : parseHours(hours), new Date())) return;
    try {
      await this.#install(found, versions);
    } catch (error) {
      log.warn({ err: error }, 'the update was not taken');
    }
  }

  async #install(release: VerifiedRelease, versions: Versions): Promise<void> {
    const { edge, log, restart } = this.#options;
    const { version } = release.manifest;
    this.#busy = true;
    try {
      const files = await fetchRelease(edge, release);
      versions.store(version, files);
      versions.begin(version);
      log.info({ version }, 'updated: starting again');
      restart();
    } finally {
      this.#busy = false;
    }
  }

  #say(available: string | null, note: string | null): void {
    this.#status = { available, note };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** What a release is to this machine, where it is none to take. */
export const VERDICTS = {
  same: 'This agent is of the version that the server offers.',
  older: 'The server offers an older agent. On this machine, "hearthcast-agent update --allow-downgrade" takes it.',
  'other-channel': 'The server offers a beta; update.channel of this machine is stable.',
  'too-new': 'The server offers an agent that is too new for this server.',
} as const;

/** Why an agent cannot change its own version; null where it can. */
export function whyNot({ installation, versions }: Pick<UpdaterOptions, 'installation' | 'versions'>): string | null {
  switch (installation.kind) {
    case 'container':
      return 'This agent runs in a container: build or pull the new image and start it again.';
    case 'source':
      return 'This agent runs from a checkout: pull the sources and start it again.';
    case 'installed':
      return versions
        ? null
        : 'This agent was not started by its launcher: use the service, or "hearthcast-agent serve".';
  }
}
