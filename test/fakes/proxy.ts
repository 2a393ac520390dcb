import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { delayed } from './delay-line.ts';

/** A network between an agent and the edge that can be lost without a word: no FIN, no RST, nothing. */
export interface LossyNetwork extends AsyncDisposable {
  readonly origin: string;
  /** From now on nothing passes on the connections that are open; new ones work. */
  lose(): void;
}

export interface NetworkOptions {
  /** Each byte is so long on its way, in either direction. */
  delayMs?: number;
  /** After so long the ends of a lost connection hear that it is gone, as from a kernel that gives up. */
  forgetMs?: number;
}

export async function lossyNetwork(target: string, options: NetworkOptions = {}): Promise<LossyNetwork> {
  const { hostname, port } = new URL(target);
  const { delayMs = 0, forgetMs } = options;
  const pairs = new Set<[Socket, Socket]>();
  const lost = new Set<[Socket, Socket]>();
  const forget = (pair: [Socket, Socket]) => {
    for (const socket of pair) socket.destroy();
    lost.delete(pair);
    pairs.delete(pair);
  };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay(true);
      if (delayMs > 0) from.pipe(delayed(delayMs)).pipe(to);
      else from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        // Until both are closed: a half that lives on must be found again when the network ends.
        if (near.destroyed && far.destroyed) pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose() {
      for (const pair of pairs) {
        for (const socket of pair) socket.unpipe().pause();
        lost.add(pair);
        if (forgetMs) setTimeout(() => forget(pair), forgetMs).unref();
      }
      pairs.clear();
    },
    async [Symbol.asyncDispose]() {
      for (const pair of [...pairs, ...lost]) forget(pair);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
