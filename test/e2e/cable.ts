import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** The network between one machine and the edge. It can be cut without a word: no FIN, no RST, nothing gets through. */
export interface Cable extends AsyncDisposable {
  /** The edge, as the machine at the end of this cable sees it. */
  readonly origin: string;
  /** Nothing passes in either direction; new connections are taken and never answered. */
  cut(): void;
  /** New connections work again. What was open stays dead, as after a router that lost its table. */
  mend(): void;
}

export async function layCable(target: string): Promise<Cable> {
  const { hostname, port } = new URL(target);
  const ends = new Set<Socket>();
  const live = new Set<[Socket, Socket]>();
  let whole = true;
  const server = createServer((near) => {
    ends.add(near);
    near.on('close', () => ends.delete(near)).on('error', () => near.destroy());
    if (!whole) return void near.pause();
    const far = connect(Number(port), hostname);
    ends.add(far);
    const pair: [Socket, Socket] = [near, far];
    live.add(pair);
    near.pipe(far);
    far.pipe(near);
    near.on('close', () => live.has(pair) && far.destroy());
    far
      .on('error', () => far.destroy())
      .on('close', () => {
        ends.delete(far);
        if (live.delete(pair)) near.destroy();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      whole = false;
      for (const [near, far] of live) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
      live.clear();
    },
    mend() {
      whole = true;
    },
    async [Symbol.asyncDispose]() {
      live.clear();
      for (const end of ends) end.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
