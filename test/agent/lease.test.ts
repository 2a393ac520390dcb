import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { AgentFailure, type LinkHandlers } from '../../agent/link/handlers.ts';
import { enrol } from '../../agent/link/identity.ts';
import { type Link, openLink } from '../../agent/link/link.ts';
import type { CallAnswer, CallMethod, CallParams } from '../../shared/protocol/calls.ts';
import { type Cable, layCable } from '../e2e/cable.ts';
import { isAlive } from '../e2e/local-server.ts';
import { startEdge, type TestEdge } from '../fakes/edge.ts';
import { callThrough, watch } from '../fakes/viewer.ts';
import { audio, DIRECT, indexed, planOf, type Stage, sessionId, stage, videoTranscode } from './playback-stage.ts';
import { sample } from './samples.ts';

/** Long enough for a first segment on a busy machine. */
const LEASE_MS = 6_000;

/** An agent that plays, and nothing else. */
function handlersOf({ playback }: Stage): LinkHandlers {
  return {
    state: () => ({
      capabilities: {
        ...{ platform: 'linux', arch: 'x64', hostname: 'lease', cpus: 2, memoryBytes: 4e9, ffmpeg: '5.1', gpus: [] },
        ...{ videoEncoders: ['libx264'], transcodeSlots: 2 },
      },
      roots: [],
      sessions: playback.sessions(),
    }),
    async call<M extends CallMethod>(method: M, params: CallParams<M>, signal: AbortSignal) {
      if (method !== 'session.open') throw new AgentFailure('content', 'bad-request', 'It only plays.');
      return (await playback.open(params as CallParams<'session.open'>, signal)) as CallAnswer<M>;
    },
    bytes: (request, signal) => playback.bytes(request, signal),
  };
}

describe('[SE6] an agent that is cut off from the edge', () => {
  let edge: TestEdge;
  let cable: Cable;
  let theatre: Stage;
  let link: Link;
  let dataDir: string;
  let agentId: string;
  let copy: IndexedCopy;

  beforeEach(async () => {
    edge = await startEdge();
    cable = await layCable(edge.origin);
    dataDir = mkdtempSync(join(tmpdir(), 'hearthcast-lease-'));
    const code = await edge.enrolmentCode();
    const identity = await enrol({ edge: edge.origin, code, name: 'cut off', dataDir });
    agentId = identity.agentId;
    copy = await indexed(await sample('hd.mp4'));
    theatre = await stage({ leaseMs: LEASE_MS, copies: { copy: () => copy, image: () => null } });
    link = openLink({
      ...{ edge: cable.origin, identity, handlers: handlersOf(theatre) },
      ...{ log: pino({ level: 'silent' }), signal: new AbortController().signal },
      heartbeat: { pingMs: 500, pongMs: 1_000 },
    });
    await new Promise<void>((resolve) => link.onConnected(resolve));
  });
  afterEach(async () => {
    await link[Symbol.asyncDispose]();
    await theatre[Symbol.asyncDispose]();
    await cable[Symbol.asyncDispose]();
    await edge[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('ends its sessions by itself, with their encoders, and serves them no more when it is back', async () => {
    const [picture] = copy.media.video;
    const [sound] = copy.media.audio;
    if (!picture || !sound) throw new Error('not a film');
    const plan = planOf([videoTranscode(picture)], [audio(sound, 'transcode')]);
    const session = sessionId();
    const { fingerprint } = copy;
    const params = { session, generation: 1, copy: { root: 'films', pathHash: 'a'.repeat(32) }, fingerprint, plan };
    const open = () =>
      callThrough(edge.origin, agentId, {
        method: 'session.open',
        params: { ...params, timelineHash: null },
        deadlineMs: 20_000,
      });
    expect(await open()).toMatchObject({ ok: true });
    const ask = () => watch(edge.origin, agentId, { session, resource: { kind: 'segment', rendition: 'v180', k: 0 } });
    const first = await ask();
    expect(first.status).toBe(200);
    await first.arrayBuffer();
    const encoders = theatre.playback.processes();
    expect(encoders.length).toBeGreaterThan(0);

    cable.cut();
    await expect.poll(() => link.connected).toBe(false);
    await expect.poll(() => theatre.playback.sessions(), { timeout: 30_000 }).toEqual([]);
    expect(link.connected).toBe(false);
    expect(theatre.playback.slots().used).toBe(0);
    await expect.poll(() => encoders.filter(isAlive)).toEqual([]);
    expect(theatre.events).toContainEqual({ kind: 'session.ended', session, generation: 1, reason: 'lease' });

    cable.mend();
    await expect.poll(() => link.connected, { timeout: 40_000 }).toBe(true);
    const late = await ask();
    expect(late.headers.get('hc-failure')).toBe('session');
    await late.arrayBuffer();
    expect(await open()).toMatchObject({ ok: false, code: 'session-ended' });
  });
});

it('a session without a request for bytes lives for ninety seconds, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  try {
    await using theatre = await stage();
    await theatre.open(await indexed(await sample('film.mp4')), DIRECT);
    vi.advanceTimersByTime(89_000);
    expect(theatre.playback.sessions()).toHaveLength(1);
    // It is looked at each tenth of that time.
    vi.advanceTimersByTime(11_000);
    expect(theatre.playback.sessions()).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
