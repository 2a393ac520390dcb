import { isDeepStrictEqual } from 'node:util';
import { readCertificate } from './certificate.ts';
import type { DirectConfig } from './config.ts';
import { type DirectDeps, DirectWay } from './direct-way.ts';

/** The direct way as the configuration has it at the moment: opened, closed and opened elsewhere while the agent runs. */
export class DirectDoor implements AsyncDisposable {
  readonly #deps: DirectDeps;
  #config: DirectConfig;
  #way: DirectWay | null;
  #changing: Promise<void> = Promise.resolve();

  private constructor(config: DirectConfig, deps: DirectDeps, way: DirectWay | null) {
    this.#config = config;
    this.#deps = deps;
    this.#way = way;
  }

  /** Rejects with an AgentError where the port or the certificate cannot be used. */
  static async open(config: DirectConfig, deps: DirectDeps): Promise<DirectDoor> {
    return new DirectDoor(config, deps, await wayOf(config, deps));
  }

  /** Null where viewers cannot come here directly. */
  get way(): DirectWay | null {
    return this.#way;
  }

  /**
   * Sends away who is there, and opens as it is wanted now; the edge learns of it with the next hello. Rejects with an
   * AgentError where that cannot be: what was open before is then open again.
   */
  change(config: DirectConfig): Promise<void> {
    const change = this.#changing.then(() => this.#change(config));
    this.#changing = change.catch(() => {});
    return change;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#changing;
    await this.#way?.[Symbol.asyncDispose]();
  }

  async #change(config: DirectConfig): Promise<void> {
    if (isDeepStrictEqual(config, this.#config)) return;
    // What can be found out is found out before anybody is sent away.
    if (config.certificate) readCertificate(config.certificate);
    await this.#way?.[Symbol.asyncDispose]();
    this.#way = null;
    try {
      this.#way = await wayOf(config, this.#deps);
      this.#config = config;
    } catch (error) {
      this.#way = await wayOf(this.#config, this.#deps);
      throw error;
    }
  }
}

async function wayOf(config: DirectConfig, deps: DirectDeps): Promise<DirectWay | null> {
  return config.port > 0 ? DirectWay.open(config, deps) : null;
}
