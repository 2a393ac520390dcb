import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type DirectRoute, type Listener, openListener } from '../../agent/direct/listener.ts';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { fingerprintBy } from '../../agent/library/probe/fingerprint.ts';
import type { Identity } from '../../agent/link/identity.ts';
import { lendingRoute } from '../../agent/playback/lending/lending-route.ts';
import { createPlayback } from '../../agent/playback/playback.ts';
import {
  type FilmSource,
  READ_HEADERS,
  READ_PREFIX,
  type ReadTicket,
  readTicketText,
} from '../../shared/protocol/sources.ts';
import { BINARIES } from './playback-stage.ts';

export const LENDER = `agt_${'L'.repeat(22)}`;
export const READER = `agt_${'R'.repeat(22)}`;

/** An agent's own key. */
export function agentKey(): Identity['privateKey'] {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as Identity['privateKey'];
}

/** The machine with the files: its engine, and its door on the home network. */
export interface LendingStage extends AsyncDisposable {
  listener: Listener;
  address: string;
  lending: ReturnType<typeof createPlayback>['lending'];
  /** The edge's key of this agent. */
  key: string;
  /** Reads that came to the door. */
  reads: string[];
  /** Reads that begin within these bytes are answered with nothing, as by a stopped process; null answers all. */
  hang(within: { from: number; to: number } | null): void;
  /** The door is shut as by a killed process: connections and all. */
  shut(): Promise<void>;
}

export async function lendingStage(copies: ReadonlyMap<string, IndexedCopy>): Promise<LendingStage> {
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-lender-'));
  const key = randomBytes(32).toString('base64url');
  const log = pino({ level: 'silent' });
  const playback = createPlayback({
    ...{ binaries: BINARIES, capabilities: { transcodeSlots: 0, videoEncoders: [] }, log, onEvent: () => {} },
    ...{ cacheDir: dir, cacheBytes: 16 * 1024 * 1024 },
    copies: { copy: ({ pathHash }) => copies.get(pathHash) ?? null, image: () => null },
    lending: { agentId: LENDER, key: () => key, now: Date.now },
  });
  const reads: string[] = [];
  let hangs: { from: number; to: number } | null = null;
  const answer = lendingRoute(playback.lending);
  const route: DirectRoute = async (request, response, about) => {
    const wish = String(request.headers[READ_HEADERS.wish]);
    reads.push(wish);
    const { start = -1 } = JSON.parse(wish) as { start?: number };
    if (hangs === null || start < hangs.from || start >= hangs.to) await answer(request, response, about);
  };
  const routes = new Map([[READ_PREFIX, route]]);
  const listener = await openListener({ host: '127.0.0.1', port: 0, certificate: null, routes, log });
  let shut: Promise<void> | null = null;
  const close = () => (shut ??= Promise.resolve(listener[Symbol.asyncDispose]()));
  return {
    listener,
    address: `http://127.0.0.1:${listener.port}`,
    lending: playback.lending,
    key,
    reads,
    hang(within) {
      hangs = within;
    },
    shut: close,
    async [Symbol.asyncDispose]() {
      await close();
      await playback[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A ticket as the edge seals it. */
export function sealed(key: string, ticket: ReadTicket): string {
  const text = Buffer.from(readTicketText(ticket));
  const tag = createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest().subarray(0, 16);
  return Buffer.concat([text, tag]).toString('base64url');
}

/** What the edge would tell the reader of a copy on the lending stage. */
export function sourceOf(
  stage: Pick<LendingStage, 'key' | 'address'>,
  copy: IndexedCopy,
  reader: Identity['privateKey'],
  more: Partial<ReadTicket> = {},
): FilmSource {
  const { fingerprint, size, mtimeMs, media } = copy;
  const ticket = sealed(stage.key, {
    ...{ lender: LENDER, reader: READER, readerKey: reader.x, session: `ses_${'s'.repeat(22)}`, generation: 1 },
    ...{ root: 'films', pathHash: fingerprint, fingerprint, expiresAt: Date.now() + 60_000 },
    ...more,
  });
  return { agent: LENDER, path: 'film.mp4', size, mtimeMs, media, addresses: [stage.address], ticket };
}

/** The copy with the fingerprint that it really has. */
export async function fingerprinted(copy: IndexedCopy): Promise<IndexedCopy> {
  await using file = await open(copy.path);
  const fingerprint = await fingerprintBy(copy.size, async (start, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  });
  return { ...copy, fingerprint };
}
