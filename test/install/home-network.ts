import { readFileSync, writeFileSync } from 'node:fs';
import { done, outcomeOf } from './command.ts';

const LIMIT_MS = 20_000;
const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

/**
 * A network of its own for one machine, as behind a router at home: a namespace, a cable to this machine, and address
 * translation to what lies beyond. Nothing from outside reaches into it. Disposing of it leaves this machine's network
 * as it was.
 */
export class HomeNetwork implements AsyncDisposable {
  readonly name: string;
  /** This machine's end of the cable. */
  readonly router: string;
  readonly address: string;
  readonly #undo = new AsyncDisposableStack();

  private constructor(name: string, block: number) {
    this.name = name;
    this.router = `10.203.${block}.1`;
    this.address = `10.203.${block}.2`;
  }

  /** The namespace's file, for those who are to live in it. */
  get path(): string {
    return `/run/netns/${this.name}`;
  }

  static async lay(): Promise<HomeNetwork> {
    // By the process's number, so that a second run beside it has a network of its own.
    const network = new HomeNetwork(`hearth${process.pid}`, process.pid % 250);
    try {
      await network.#lay();
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw error;
    }
    return network;
  }

  async #lay(): Promise<void> {
    const { name, router, address } = this;
    const cable = `hc${process.pid}`;
    await ip('netns', 'add', name);
    this.#undo.defer(() => outcomeOf(['ip', 'netns', 'del', name], LIMIT_MS).then(() => {}));
    await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    this.#undo.defer(() => outcomeOf(['ip', 'link', 'del', cable], LIMIT_MS).then(() => {}));
    await ip('addr', 'add', `${router}/30`, 'dev', cable);
    await ip('link', 'set', cable, 'up');
    await ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', 'eth0');
    await ip('-n', name, 'link', 'set', 'lo', 'up');
    await ip('-n', name, 'link', 'set', 'eth0', 'up');
    await ip('-n', name, 'route', 'add', 'default', 'via', router);
    const rules = `table ip ${name} {\n chain out {\n  type nat hook postrouting priority 100;\n  ip saddr ${address} masquerade\n }\n}\n`;
    await done(['nft', '-f', '-'], LIMIT_MS, rules);
    this.#undo.defer(() => outcomeOf(['nft', 'delete', 'table', 'ip', name], LIMIT_MS).then(() => {}));
    const before = readFileSync(FORWARDING, 'utf8');
    writeFileSync(FORWARDING, '1');
    this.#undo.defer(() => writeFileSync(FORWARDING, before));
  }

  /** Pulls the cable, or puts it back. */
  async plug(state: 'up' | 'down'): Promise<void> {
    await ip('link', 'set', `hc${process.pid}`, state);
  }

  /** Runs something in this network, on this machine's own files. */
  run(...argv: string[]): Promise<string> {
    return done(['ip', 'netns', 'exec', this.name, ...argv], LIMIT_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#undo.disposeAsync();
  }
}

const ip = (...args: string[]) => done(['ip', ...args], LIMIT_MS);
