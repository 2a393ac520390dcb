import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SyncBatch } from '../../shared/protocol/sync.ts';

const SYNC = '/agent/v1/sync';

/** A batch comes within seconds; on a busy machine in its own time. */
const LIMIT_MS = 120_000;

/** `sent`: the edge has nothing of it yet. `answered`: the edge has answered, and the sender has not heard it. */
type Moment = 'sent' | 'answered';

/** A batch that is held on its way. */
export interface Held {
  readonly batch: SyncBatch;
  /** Lets it go on, whether its sender still lives or not. Resolves with the edge's status; rejects where it gave none. */
  pass(): Promise<number>;
  /** It goes no further, and its sender's connection breaks off. */
  drop(): void;
}

interface Answer {
  status: number;
  body: string;
}

/** Stands before the edge, for one machine: sees each batch of its sync, and holds those that a test wants. */
export class SyncTap implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  /** Batches that the edge took, in the order of its answers. */
  readonly taken: SyncBatch[] = [];
  #wanted: { at: Moment; when: (batch: SyncBatch) => boolean; take: (held: Held) => void } | null = null;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, outgoing) => {
      const sync = incoming.method === 'POST' && incoming.url === SYNC;
      if (!sync) return this.#forward(incoming, outgoing);
      this.#sync(incoming, outgoing).catch(() => outgoing.destroy());
    });
    this.#server.on('upgrade', (incoming: IncomingMessage, near: Socket, head: Buffer) =>
      this.#join(incoming, near, head),
    );
  }

  static async before(edge: string): Promise<SyncTap> {
    const tap = new SyncTap(edge);
    await new Promise<void>((resolve) => tap.#server.listen(0, '127.0.0.1', resolve));
    return tap;
  }

  /** The edge, as the machine sees it. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next batch that is as wanted, held at this moment. One is wanted at a time; rejects when none comes. */
  hold(at: Moment, when: (batch: SyncBatch) => boolean = () => true): Promise<Held> {
    return new Promise((take, reject) => {
      const late = setTimeout(() => reject(new Error(`no such batch was ${at} in ${LIMIT_MS} ms`)), LIMIT_MS);
      const held = (one: Held) => {
        clearTimeout(late);
        take(one);
      };
      this.#wanted = { at, when, take: held };
    });
  }

  async #sync(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    outgoing.on('error', () => {});
    const body = await text(incoming);
    const batch = SyncBatch.parse(JSON.parse(body));
    const send = () => this.#deliver(incoming.headers, body, batch);
    const answer = ({ status, body }: Answer) => {
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(body);
      return status;
    };
    const drop = () => void outgoing.destroy();
    const early = this.#wants('sent', batch);
    if (early) return early({ batch, pass: async () => answer(await send()), drop });
    const told = await send();
    const late = this.#wants('answered', batch);
    if (late) return late({ batch, pass: async () => answer(told), drop });
    answer(told);
  }

  #wants(at: Moment, batch: SyncBatch): ((held: Held) => void) | null {
    const wanted = this.#wanted;
    if (wanted?.at !== at || !wanted.when(batch)) return null;
    this.#wanted = null;
    return wanted.take;
  }

  /** To the edge twice at once, as by a network that doubles: one of them may be taken. */
  async #deliver(headers: IncomingHttpHeaders, body: string, batch: SyncBatch): Promise<Answer> {
    const send = async (): Promise<Answer> => {
      const answer = await this.#ask(headers, body);
      if (answer.status === 200) this.taken.push(batch);
      return answer;
    };
    const [first, second] = await Promise.allSettled([send(), send()]);
    if (first.status === 'fulfilled') return first.value;
    if (second.status === 'fulfilled') return second.value;
    throw first.reason;
  }

  /** With the sender's own headers: a token is for the host that it was given for. */
  async #ask(headers: IncomingHttpHeaders, body: string): Promise<Answer> {
    const { hostname, port } = this.#target;
    const asked = request({ hostname, port, path: SYNC, method: 'POST', headers, agent: false });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 502, body: await text(answer) };
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { hostname, port } = this.#target;
    const { url: path, method, headers } = incoming;
    const asked = request({ hostname, port, path, method, headers, agent: false });
    asked.on('error', () => outgoing.destroy());
    asked.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    incoming.on('error', () => asked.destroy());
    incoming.pipe(asked);
  }

  #join(incoming: IncomingMessage, near: Socket, head: Buffer): void {
    const far = connect(Number(this.#target.port), this.#target.hostname);
    const lines = incoming.rawHeaders.flatMap((name, i, all) => (i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : []));
    far.write([`GET ${incoming.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    far.write(head);
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy() && this.#sockets.delete(from));
      from.pipe(to);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
