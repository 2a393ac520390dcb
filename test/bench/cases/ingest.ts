import { createHash } from 'node:crypto';
import { FIRST_CLAIMS, nextBatchSize } from '../../../agent/library/sync/batch-size.ts';
import type { Claim, SyncBatch } from '../../../shared/protocol/sync.ts';
import { type CatalogUnderTest, startCatalog } from '../catalog-edge.ts';
import { type BenchOptions, type BenchResult, type Measure, median, quantile } from '../measures.ts';

/** Titles that are there before: a catalog of a quarter of a million when the first sync ends. */
const SEEDED = 230_000;
const CHUNK = 10_000;

const READERS = 32;

/** One sync goes on for so long at most: on a machine that is busy the whole still ends. */
const MAX_SYNC_MS = 90_000;

/** A reader's pause between two pages. */
const READ_EVERY_MS = 50;

const AGENT = 'agt_bench';
const SCOPE = { userId: 1, libMask: null, maxAge: null, unrated: true, hiddenSet: null };

const MEDIA = {
  ...{ container: 'mkv', durationMs: 5_400_000, startTime: 0, bitrate: 8_000_000, subtitles: [], chapters: [] },
  video: [
    {
      ...{
        index: 0,
        codec: 'hevc',
        profile: 'Main 10',
        level: 150,
        width: 3840,
        height: 2160,
        sar: { num: 1, den: 1 },
      },
      ...{ frameRate: { num: 24, den: 1 }, bitDepth: 10, interlaced: false, rotation: 0, bitrate: null },
      ...{ language: null, title: null, default: true },
      hdr: 'hdr10' as const,
    },
  ],
  audio: [
    {
      ...{ index: 1, codec: 'aac', profile: null, channels: 6, sampleRate: 48_000, bitrate: null },
      ...{ language: 'eng', title: null, default: true },
    },
  ],
};

const hex = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** One film with eight facets; `edition` changes what is said of it. */
function claimOf(i: number, rev: number, edition: number): Claim {
  return {
    ...{ state: 'present', root: 'films', pathHash: hex(`path ${i}`), rev, path: `Films/Film ${i}.mkv`, size: 1e9 + i },
    ...{ mtimeMs: 1_700_000_000_000 + i, fingerprint: hex(`content ${i}`), artwork: { poster: hex(`poster ${i}`) } },
    work: { kind: 'movie', title: `Film ${(i * 7919) % 9973} of ${i}`, year: 1950 + (i % 75) },
    media: MEDIA,
    metadata: {
      ...{ rating: (i + edition) % 10, certification: 'PG-13', overview: `A film with the number ${i}.` },
      ...{
        externalIds: { imdb: `tt${i}` },
        genres: [`Genre ${i % 20}`],
        tags: [`Tag ${i % 900}`, `Tag ${(i * 7) % 900}`],
      },
      studios: [`Studio ${i % 300}`],
      people: [0, 1, 2].map((n) => ({ name: `Person ${(i * 31 + n * 977) % 30_000}`, role: 'actor' as const })),
    },
  };
}

/**
 * A first sync beside what another machine has, the same again, and one of a hundred changed, while people read:
 * batches grow and shrink, and rest, as the agent's do.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const items = quick ? 2_000 : 20_000;
  await using catalog = await startCatalog();
  await catalog.ask({ do: 'seed-common' });
  const seeded = quick ? CHUNK : SEEDED;
  for (let at = 0; at < seeded; at += CHUNK) await catalog.ask({ do: 'seed', from: at + 1, to: at + CHUNK });
  await catalog.ask({ do: 'seed-counts' });
  await catalog.ask({ do: 'keep-narrow' });
  await catalog.ask({ do: 'enrol', agentId: AGENT });
  const cursor = { epoch: 'bench-epoch', revision: 0 };
  const measures: Measure[] = [];
  const all = Array.from({ length: items }, (_, i) => i);
  const first = await sync(catalog, cursor, all, 0);
  measures.push(...figures('first', first));
  const again = await sync(catalog, cursor, all.slice(0, first.claims), 0);
  measures.push(...figures('unchanged', again));
  const changed = all.slice(0, first.claims).filter((i) => i % 100 === 0);
  const some = await sync(catalog, cursor, changed, 1);
  measures.push(...figures('changed', some));
  const readers = first.readers.concat(again.readers, some.readers);
  measures.push({ name: 'readers.p99', value: quantile(readers, 0.99), unit: 'ms', goal: '<= 100' });
  measures.push({ name: 'readers.p50', value: median(readers), unit: 'ms' });
  // The cursor alone, once a batch.
  measures.push({
    name: 'unchanged.rows_beside_cursor',
    value: again.written - again.batches,
    unit: 'rows',
    goal: '<= 0',
  });
  return { bench: 'ingest', measures };
}

interface Synced {
  claims: number;
  ms: number;
  read: number;
  written: number;
  batches: number;
  /** Milliseconds in the database of the longest batch. */
  longest: number;
  readers: number[];
}

function figures(name: string, { claims: items, ms, read, written, batches, longest, readers }: Synced): Measure[] {
  return [
    { name: `${name}.claims`, value: items, unit: 'claims' },
    { name: `${name}.rate`, value: (items / ms) * 1000, unit: 'claims/s' },
    { name: `${name}.written`, value: written / items, unit: 'rows/claim' },
    { name: `${name}.read`, value: read / items, unit: 'rows/claim' },
    { name: `${name}.batch`, value: items / batches, unit: 'claims' },
    { name: `${name}.longest`, value: longest, unit: 'ms' },
    // Few films are there before anybody has turned a page.
    ...(readers.length === 0
      ? []
      : [{ name: `${name}.readers.p99`, value: quantile(readers, 0.99), unit: 'ms', goal: '<= 100' }]),
  ];
}

async function sync(
  catalog: CatalogUnderTest,
  cursor: { epoch: string; revision: number },
  items: readonly number[],
  edition: number,
): Promise<Synced> {
  const done = { claims: 0, ms: 0, read: 0, written: 0, batches: 0, longest: 0, readers: [] as number[] };
  const stop = new AbortController();
  const reading = Array.from({ length: READERS }, () => read(catalog, done.readers, stop.signal));
  let size = FIRST_CLAIMS;
  const from = performance.now();
  for (let at = 0; at < items.length && performance.now() - from < MAX_SYNC_MS; ) {
    const some = items.slice(at, at + size);
    const batch: SyncBatch = {
      ...{ epoch: cursor.epoch, fromRevision: cursor.revision, toRevision: cursor.revision + some.length },
      claims: some.map((i, n) => claimOf(i, cursor.revision + n + 1, edition)),
      complete: false,
    };
    const cost = await catalog.ask({ do: 'sync', agentId: AGENT, batch });
    cursor.revision += some.length;
    at += some.length;
    done.claims = at;
    done.read += cost.read;
    done.written += cost.written;
    done.batches++;
    done.longest = Math.max(done.longest, cost.ms);
    size = nextBatchSize(size, cost.ms);
    await new Promise((resolve) => setTimeout(resolve, cost.ms));
  }
  done.ms = performance.now() - from;
  stop.abort();
  await Promise.all(reading);
  return done;
}

/** A person who turns pages until the sync is done. */
async function read(catalog: CatalogUnderTest, walls: number[], signal: AbortSignal): Promise<void> {
  const rest = (part: number) => new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS * READERS * part));
  // Not all at the same moment: they are people.
  await rest(Math.random());
  while (!signal.aborted) {
    walls.push((await catalog.ask({ do: 'grid', scope: SCOPE, query: { limit: '20' } })).wallMs);
    await rest(0.5 + Math.random());
  }
}
