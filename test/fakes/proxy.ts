import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A network between an agent and the edge that can be lost without a word: no FIN, no RST, nothing. */
export interface LossyNetwork extends AsyncDisposable {
  readonly origin: string;
  /** From now on nothing passes on the connections that are open; new ones work. */
  lose(): void;
}

export async function lossyNetwork(target: string): Promise<LossyNetwork> {
  const { hostname, port } = new URL(target);
  let pairs: [Socket, Socket][] = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    pairs.push([near, far]);
    near.pipe(far);
    far.pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lost: [Socket, Socket][] = [];
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose() {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
      lost.push(...pairs);
      pairs = [];
    },
    async [Symbol.asyncDispose]() {
      for (const [near, far] of [...pairs, ...lost]) {
        near.destroy();
        far.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
