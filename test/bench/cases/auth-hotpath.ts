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

interface Target {
  url: string;
  headers: Record<string, string>;
}

/**
 * 64 connections on an authenticated read, and on a ticketed part of a file: alone, and while an agent sends its
 * library and eight people sign in. Rounds alternate, so that a slow minute of the machine hits both sides.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const rounds = quick ? 3 : 5;
  const roundMs = quick ? 1500 : 3000;
  const dir = mkdtempSync(join(tmpdir(), 'hearthcast-bench-'));
  try {
    makeFilm(join(dir, 'Films'), 16);
    await using server = await BenchServer.start(join(dir, 'data'), ['--media', join(dir, 'Films')]);
    const segments: Target[] = [];
    for (let i = 0; i < CONNECTIONS; i++) {
      const url = await server.playDirect(FILM_TITLE);
      segments.push({ url, headers: { range: `bytes=0-${SEGMENT_BYTES - 1}` } });
    }
    for (let i = 0; i < PEOPLE; i++) {
      await server.post('/api/v1/users', { username: `person-${i}`, password: PASSWORD, role: 'member' });
    }
    const { accessToken } = await signIn(server.url, 0);
    const read: Target = { url: `${server.url}/api/v1/users/me`, headers: { authorization: `Bearer ${accessToken}` } };
    await using sync = await BulkSync.enrol(server, join(dir, 'bulk'));

    const measures: BenchResult['measures'] = [];
    for (const [name, targets] of [
      ['read', [read]],
      ['segment', segments],
    ] as const) {
      const idle: Round[] = [];
      const busy: Round[] = [];
      await load(targets, roundMs);
      for (let i = 0; i < rounds; i++) {
        idle.push(await load(targets, roundMs));
        busy.push(await beside(sync, server.url, () => load(targets, roundMs)));
      }
      const p99 = (all: Round[]) => median(all.map((round) => round.p99));
      measures.push(
        { name: `${name}_idle_p99`, value: p99(idle), unit: 'ms' },
        { name: `${name}_idle_rate`, value: median(idle.map((round) => round.perSecond)), unit: '/s' },
        { name: `${name}_busy_p99`, value: p99(busy), unit: 'ms' },
        { name: `${name}_busy_rate`, value: median(busy.map((round) => round.perSecond)), unit: '/s' },
        { name: `${name}_busy_vs_idle`, value: p99(busy) / p99(idle), unit: 'ratio', goal: '<= 1.5' },
      );
    }
    return { bench: 'auth-hotpath', measures };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Round {
  /** Milliseconds. */
  p99: number;
  perSecond: number;
}

/** The same with a bulk sync and eight sign-ins beside it. */
async function beside(sync: BulkSync, url: string, measured: () => Promise<Round>): Promise<Round> {
  const stop = new AbortController();
  const others = Promise.all([
    sync.run(stop.signal),
    // More than four at once are told to come again: so people do.
    ...Array.from({ length: PEOPLE }, (_, i) => signIn(url, i).catch(() => undefined)),
  ]);
  try {
    return await measured();
  } finally {
    stop.abort();
    await others;
  }
}

async function signIn(url: string, i: number): Promise<{ accessToken: string }> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: `person-${i}`, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`person-${i} was answered ${answer.status}`);
  return (await answer.json()) as { accessToken: string };
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
