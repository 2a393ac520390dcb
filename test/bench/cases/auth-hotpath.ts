import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BulkSync } from '../bulk-sync.ts';
import { FILM_TITLE, makeFilm } from '../film.ts';
import { type BenchOptions, type BenchResult, median, quantile } from '../measures.ts';
import { BenchServer } from '../server.ts';

const CONNECTIONS = 64;
const SEGMENT_BYTES = 64 * 1024;
const PEOPLE = 8;
const PASSWORD = 'bench people sign in';

/** The mark of each person's browser. */
const devices = new Map<number, string>();

let turn = 0;

interface Target {
  url: string;
  headers: Record<string, string>;
}

/** What goes on beside what is measured. */
const BESIDE = ['idle', 'sync', 'sign_ins', 'busy'] as const;
type Beside = (typeof BESIDE)[number];

/**
 * 64 connections on an authenticated read, each of a person of their own, and on a ticketed part of a file: alone,
 * beside an agent that sends its library, beside eight people who sign in, and beside both. Rounds alternate, so that
 * a slow minute of the machine hits all sides. The statements that the database is asked are counted in the edge.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const rounds = quick ? 2 : 7;
  const roundMs = quick ? 1500 : 3000;
  const dir = mkdtempSync(join(tmpdir(), 'hearthcast-bench-'));
  try {
    makeFilm(join(dir, 'Films'), 16);
    const preload = join(import.meta.dirname, '../workers/count-statements.ts');
    await using server = await BenchServer.start(join(dir, 'data'), ['--media', join(dir, 'Films')], preload);
    const segments: Target[] = [];
    for (let i = 0; i < CONNECTIONS; i++) {
      const url = await server.playDirect(FILM_TITLE);
      segments.push({ url, headers: { range: `bytes=0-${SEGMENT_BYTES - 1}` } });
    }
    const reads = await readersOf(server);
    await using sync = await BulkSync.enrol(server, join(dir, 'bulk'));

    const measures: BenchResult['measures'] = [];
    const before = await statements(server.url);
    const begin = performance.now();
    for (const [name, targets] of [
      ['read', reads],
      ['segment', segments],
    ] as const) {
      const all: Record<Beside, Round[]> = { idle: [], sync: [], sign_ins: [], busy: [] };
      await load(targets, roundMs);
      for (let i = 0; i < rounds; i++) {
        for (const what of BESIDE) all[what].push(await beside(what, sync, server.url, () => load(targets, roundMs)));
      }
      const p99 = (what: Beside) => median(all[what].map((round) => round.p99));
      const rate = (what: Beside) => median(all[what].map((round) => round.perSecond));
      for (const what of BESIDE) {
        measures.push(
          { name: `${name}_${what}_p99`, value: p99(what), unit: 'ms' },
          { name: `${name}_${what}_rate`, value: rate(what), unit: '/s' },
        );
      }
      // Within each round: the machine's speed drifts by more than what is asked about.
      const ratio = median(all.busy.map((round, i) => round.p99 / (all.idle[i]?.p99 ?? 0)));
      measures.push({ name: `${name}_busy_vs_idle`, value: ratio, unit: 'ratio', goal: '<= 1.5' });
    }
    const after = await statements(server.url);
    const tensOfSeconds = (performance.now() - begin) / 10_000;
    measures.push(
      {
        name: 'statements_of_reads',
        value: (after.read - before.read) / tensOfSeconds,
        unit: 'per 10 s',
        goal: '<= 1',
      },
      { name: 'statements_of_segments', value: after.segment - before.segment, unit: '', goal: '<= 0' },
    );
    return { bench: 'auth-hotpath', measures };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** One reader for each connection: what one account reads in a minute is limited. */
async function readersOf(server: BenchServer): Promise<Target[]> {
  const targets: Target[] = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const person = { username: `person-${i}`, password: PASSWORD, role: 'member' };
    const { id } = await server.post<{ id: string }>('/api/v1/users', person);
    const token = await (await fetch(`${server.url}/health/token?user=${id}`)).text();
    targets.push({ url: `${server.url}/api/v1/users/me`, headers: { authorization: `Bearer ${token}` } });
  }
  return targets;
}

async function statements(url: string): Promise<{ read: number; segment: number }> {
  return (await (await fetch(`${url}/health/statements`)).json()) as { read: number; segment: number };
}

interface Round {
  /** Milliseconds. */
  p99: number;
  perSecond: number;
}

async function beside(what: Beside, sync: BulkSync, url: string, measured: () => Promise<Round>): Promise<Round> {
  const stop = new AbortController();
  // By turns: ten sign-ins a minute are what a browser may try.
  const first = turn++ % 2 === 0 ? 0 : PEOPLE;
  const others = Promise.all([
    what === 'sync' || what === 'busy' ? sync.run(stop.signal) : undefined,
    ...(what === 'sign_ins' || what === 'busy' ? Array.from({ length: PEOPLE }, (_, i) => signIn(url, first + i)) : []),
  ]);
  try {
    return await measured();
  } finally {
    stop.abort();
    await others;
  }
}

/** In a browser that was used before: it is counted by itself, so that all eight may sign in each round. */
async function signIn(url: string, i: number): Promise<void> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: devices.get(i) ?? '' },
    body: JSON.stringify({ username: `person-${i}`, password: PASSWORD, delivery: 'cookie' }),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`person-${i} was answered ${answer.status}`);
  const device = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('hc_device='));
  if (device) devices.set(i, device.split(';')[0] ?? '');
}

/** Each connection asks for its own target, or all for the only one. */
async function load(targets: readonly Target[], forMs: number): Promise<Round> {
  using agent = {
    pool: new Agent({ keepAlive: true, maxSockets: CONNECTIONS }),
    [Symbol.dispose]: () => agent.pool.destroy(),
  };
  const latencies: number[] = [];
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, i) => {
      const target = targets[i % targets.length] as Target;
      while (performance.now() - begin < forMs) latencies.push(await once(target, agent.pool));
    }),
  );
  return { p99: quantile(latencies, 0.99), perSecond: latencies.length / ((performance.now() - begin) / 1000) };
}

function once({ url, headers }: Target, agent: Agent): Promise<number> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.on('end', () =>
        statusCode < 300 ? resolve(performance.now() - begin) : reject(new Error(`answered ${statusCode}`)),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
