import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { FIRST_CLAIMS, nextBatchSize } from '../../../agent/library/sync/batch-size.ts';
import { enrol } from '../../../agent/link/identity.ts';
import { openLink } from '../../../agent/link/link.ts';
import type { SyncBatch } from '../../../shared/protocol/sync.ts';
import { filmHandlers } from '../../fakes/agent-handlers.ts';

const MEDIA = {
  ...{ container: 'mkv', durationMs: 5_400_000, startTime: 0, bitrate: 8e6 },
  ...{ video: [], audio: [], subtitles: [], chapters: [] },
};

const ROOT = { id: 'bulk', name: 'Bulk', library: 'Bulk', state: 'ok' as const };

/** As a real agent rests. */
const MAX_REST_MS = 1000;

const hex = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/**
 * An agent with an endless library, in a process of its own (`fork`, arguments: the edge's address, a code, a folder).
 * It enrols as any machine does. Between the messages `go` and `stop` it sends batches at the pace of a real agent:
 * as large as the edge is quick, with as long a rest after each as it took.
 */
const [edge = '', code = '', dataDir = ''] = process.argv.slice(2);
const epoch = randomUUID().replaceAll('-', '').slice(0, 32);
let revision = 0;
let size = FIRST_CLAIMS;
let going = false;

const identity = await enrol({ edge, code, name: 'bulk', dataDir });
const base = filmHandlers({ path: '/dev/null', size: 0 });
const handlers = { ...base, state: () => ({ ...base.state(), roots: [ROOT] }) };
const link = openLink({
  edge,
  identity,
  handlers,
  log: pino({ level: 'silent' }),
  signal: new AbortController().signal,
});
await new Promise<void>((resolve) => link.onConnected(resolve));
process.on('message', (message) => {
  going = message === 'go';
  if (going) void run();
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function run(): Promise<void> {
  while (going) {
    const batch = nextBatch();
    const token = await link.token();
    const from = performance.now();
    const answer = await fetch(`${edge}/agent/v1/sync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    if (!answer.ok) throw new Error(`the sync was refused: ${await answer.text()}`);
    await answer.body?.cancel();
    const tookMs = performance.now() - from;
    revision = batch.toRevision;
    size = nextBatchSize(size, tookMs);
    await sleep(Math.min(MAX_REST_MS, tookMs));
  }
  process.send?.('stopped');
}

function nextBatch(): SyncBatch {
  const claims = Array.from({ length: size }, (_, i) => {
    const rev = revision + i + 1;
    const path = `Bulk film ${rev} (2001).mkv`;
    return {
      ...{ state: 'present' as const, root: 'bulk', pathHash: hex(path), rev, path, size: 1e9, mtimeMs: 1e12 + rev },
      ...{ fingerprint: hex(`f${path}`), media: MEDIA, artwork: {} },
      work: { kind: 'movie' as const, title: `Bulk film ${rev}`, year: 2001 },
    };
  });
  return { epoch, fromRevision: revision, toRevision: revision + claims.length, claims, complete: false };
}
