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
  /** Everything breaks off, and new connections are refused, as by a machine that listens no more. */
  close(): Promise<void>;
  /** It listens again, where it did. */
  open(): Promise<void>;
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
  const near = (server.address() as AddressInfo).port;
  const close = async () => {
    live.clear();
    for (const end of ends) end.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    origin: `http://127.0.0.1:${near}`,
    close,
    open: () => new Promise<void>((resolve) => server.listen(near, '127.0.0.1', resolve)),
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
    [Symbol.asyncDispose]: close,
  };
}
