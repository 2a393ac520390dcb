import { env, exports } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { randomId, toBase64Url } from '../../edge/identity/sealed.ts';
import { makeNonce } from '../../edge/link/nonce.ts';
import type { Capabilities } from '../../shared/protocol/capabilities.ts';
import { type AgentFrame, EdgeFrame, PUT_HEADERS } from '../../shared/protocol/frames.ts';

export const ORIGIN = 'http://edge.test';

export const CAPABILITIES: Capabilities = {
  platform: 'linux',
  arch: 'x64',
  hostname: 'fake',
  cpus: 4,
  memoryBytes: 8_000_000_000,
  ffmpeg: '7.0',
  videoEncoders: ['libx264'],
  gpus: [],
  transcodeSlots: 2,
};

type Of<T extends EdgeFrame['type']> = Extract<EdgeFrame, { type: T }>;
type Hello = Extract<AgentFrame, { type: 'hello' }>;

/** An agent that speaks the link's protocol from inside the test, with every message in the test's hands. */
export class FakeAgent {
  readonly id: string;
  readonly #key: CryptoKey;

  private constructor(id: string, key: CryptoKey) {
    this.id = id;
    this.#key = key;
  }

  /** Enrols an agent with its object, past the codes. */
  static async enrol(): Promise<FakeAgent> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const id = randomId('agt_');
    await env.AGENT_LINK.getByName(id).enrol(id, (await exportJWK(publicKey)).x as string);
    return new FakeAgent(id, privateKey);
  }

  /** An agent of which the test holds the key already. */
  static of(id: string, key: CryptoKey): FakeAgent {
    return new FakeAgent(id, key);
  }

  get stub() {
    return env.AGENT_LINK.getByName(this.id);
  }

  async token(claims: { nonce?: string; aud?: string; jti?: string; sub?: string } = {}): Promise<string> {
    return new SignJWT({ nonce: claims.nonce ?? (await makeNonce(env, Date.now())) })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject(claims.sub ?? this.id)
      .setAudience(claims.aud ?? ORIGIN)
      .setJti(claims.jti ?? toBase64Url(crypto.getRandomValues(new Uint8Array(16))))
      .sign(this.#key);
  }

  /** The upgrade's answer, whatever it is. */
  async upgrade(token: string): Promise<Response> {
    return exports.default.fetch(`${ORIGIN}/agent/v1/connect`, {
      headers: { upgrade: 'websocket', authorization: `Bearer ${token}` },
    });
  }

  /** An open socket that has not said hello. */
  async dial(): Promise<FakeSocket> {
    const response = await this.upgrade(await this.token());
    if (!response.webSocket) throw new Error(`refused with ${response.status}: ${await response.text()}`);
    return new FakeSocket(response.webSocket);
  }

  /** A socket that has been welcomed. */
  async connect(hello: Partial<Hello> = {}): Promise<FakeSocket> {
    const socket = await this.dial();
    socket.send(this.hello(hello));
    await socket.next('welcome');
    return socket;
  }

  hello(changes: Partial<Hello> = {}): Hello {
    return {
      type: 'hello',
      protocol: 1,
      minProtocol: 1,
      agentId: this.id,
      generation: 1_000,
      version: '0.1.0',
      capabilities: CAPABILITIES,
      roots: [],
      sessions: [],
      ...changes,
    };
  }

  /** One PUT; the head's headers go with it when they are given. */
  async put(
    streamId: string,
    part: number,
    body: Uint8Array | ReadableStream,
    head?: { total: number; contentType?: string; range?: string; etag?: string },
  ): Promise<number> {
    const headers = new Headers();
    if (head) {
      headers.set(PUT_HEADERS.total, String(head.total));
      headers.set(PUT_HEADERS.contentType, head.contentType ?? 'video/mp4');
      if (head.range) headers.set(PUT_HEADERS.range, head.range);
      if (head.etag) headers.set(PUT_HEADERS.etag, head.etag);
    }
    const url = `${ORIGIN}/agent/v1/streams/${streamId}?part=${part}`;
    const response = await exports.default.fetch(url, { method: 'PUT', headers, body });
    await response.body?.cancel();
    return response.status;
  }
}

/** The agent's end of a control socket. */
export class FakeSocket {
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly frames: EdgeFrame[] = [];
  readonly #socket: WebSocket;
  readonly #ponged = Promise.withResolvers<void>();
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.accept();
    socket.addEventListener('message', (event) => {
      if (event.data === 'pong') {
        this.#ponged.resolve();
        return;
      }
      this.frames.push(EdgeFrame.parse(JSON.parse(event.data as string)));
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wake of waiting) wake();
    });
    this.closed = new Promise((resolve) => {
      socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }));
    });
  }

  send(frame: AgentFrame): void {
    this.#socket.send(JSON.stringify(frame));
  }

  sendRaw(message: string | Uint8Array): void {
    this.#socket.send(message);
  }

  /** Resolves with the first answer to a ping. */
  pong(): Promise<void> {
    return this.#ponged.promise;
  }

  close(code = 1000): void {
    this.#socket.close(code);
  }

  /** Takes the oldest message of a type, waiting for it. */
  async next<T extends EdgeFrame['type']>(type: T): Promise<Of<T>> {
    for (;;) {
      const index = this.frames.findIndex((frame) => frame.type === type);
      if (index >= 0) return this.frames.splice(index, 1)[0] as Of<T>;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
