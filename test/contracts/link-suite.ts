import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TestAgent } from '../fakes/agent.ts';
import type { TestEdge } from '../fakes/edge.ts';
import { callThrough, metricsOf, readAll, type Watching, watch } from '../fakes/viewer.ts';

const SIZE = 3_000_000;

/** What every edge does for a real agent, and every agent for an edge: run on the real edge and on the fake. */
export function linkContract(name: string, start: () => Promise<TestEdge>): void {
  describe(`the link with ${name}`, () => {
    let edge: TestEdge;
    let agent: TestAgent;

    beforeAll(async () => {
      edge = await start();
    });
    afterAll(() => edge[Symbol.asyncDispose]());
    afterEach(() => agent[Symbol.asyncDispose]());

    const ask = (watching?: Watching) => watch(edge.origin, agent.identity.agentId, watching);
    const call = (method: string, params: unknown) =>
      callThrough(edge.origin, agent.identity.agentId, { method, params, deadlineMs: 5_000 });

    it('[EN3] enrols a machine and welcomes it', async () => {
      agent = await TestAgent.enrol(edge, 1);
      const link = await agent.link();
      expect(link.connected).toBe(true);
      expect(agent.identity.siteName).toBe('Home');
    });

    it('[BY2] [BY3] relays a film in parts, byte for byte', async () => {
      agent = await TestAgent.enrol(edge, SIZE);
      await agent.link({ partBytes: 700_000 });
      const response = await ask();
      expect([response.status, response.headers.get('content-length')]).toEqual([200, String(SIZE)]);
      expect(response.headers.get('transfer-encoding'), '[BY4] chunks that break off would look complete').toBeNull();
      expect(response.headers.get('etag')).toBe('"film"');
      expect(await readAll(response)).toEqual({ length: SIZE, sha256: agent.film.sha256 });
    });

    it.each([
      { start: 0, end: 1 },
      { start: 1_000_000, end: 2_999_999 },
      { start: 2_500_000, end: null },
      { start: 2_999_990, end: 9_000_000 },
    ])('[BY7] answers the range that was asked for: $start to $end', async (range) => {
      agent = await TestAgent.enrol(edge, SIZE);
      await agent.link();
      const response = await ask({ range });
      const end = Math.min(range.end ?? SIZE, SIZE - 1);
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes ${range.start}-${end}/${SIZE}`);
      expect((await readAll(response)).length).toBe(end - range.start + 1);
    });

    it('[BY1] relays a small body', async () => {
      agent = await TestAgent.enrol(edge, 1);
      await agent.link();
      const response = await ask({ resource: { kind: 'subtitle', stream: 2 } });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/vtt']);
      expect(await response.text()).toBe('WEBVTT');
    });

    it('[FA1] passes on why the agent cannot', async () => {
      agent = await TestAgent.enrol(edge, SIZE);
      await agent.link();
      const response = await ask({ range: { start: SIZE + 1, end: null } });
      expect([response.status, response.headers.get('hc-failure')]).toEqual([416, 'content']);
    });

    it('[CA1] carries calls, answers and refusals', async () => {
      agent = await TestAgent.enrol(edge, 1);
      await agent.link();
      expect(await call('library.scan', { root: null })).toEqual({ ok: true, answer: { started: true } });
      expect(agent.handlers.calls).toContainEqual({ method: 'library.scan', params: { root: null } });
    });

    it('[CA3] answers a call that nobody knows', async () => {
      agent = await TestAgent.enrol(edge, 1);
      await agent.link();
      expect(await call('library.scan', { root: 5 })).toMatchObject({ ok: false, code: 'bad-request' });
    });

    it('[BY6] ends the work for a viewer who leaves', async () => {
      agent = await TestAgent.enrol(edge, 64 * 1024 * 1024);
      await agent.link();
      const response = await ask();
      await response.body?.cancel();
      await expect.poll(() => agent.handlers.aborted).toBe(1);
    });

    it('[BY4] breaks a body off when its agent dies', async () => {
      agent = await TestAgent.enrol(edge, 64 * 1024 * 1024);
      const process = await agent.process();
      const response = await ask();
      process.kill('SIGKILL');
      await expect(readAll(response)).rejects.toThrow();
    });

    it('[HS4] [RC2] lets the newest process of an agent win', async () => {
      agent = await TestAgent.enrol(edge, 1);
      const older = await agent.link();
      const newer = await agent.link();
      expect(await older.ended).toBe('replaced');
      expect(newer.connected).toBe(true);
    });

    it('[RC2] ends the link of an agent that is removed', async () => {
      agent = await TestAgent.enrol(edge, 1);
      const link = await agent.link();
      await fetch(`${edge.origin}/viewer/${agent.identity.agentId}`, { method: 'DELETE' });
      expect(await link.ended).toBe('removed');
    });

    it('[UP3] [UP4] learns what the line carries while nothing flows', async () => {
      agent = await TestAgent.enrol(edge, 1);
      await agent.link({ probe: { firstMs: 0, everyMs: 60_000, lookMs: 20 } });
      const uplink = async () => (await metricsOf(edge.origin, agent.identity.agentId)).uplink;
      await expect.poll(uplink).toBeGreaterThan(1_000_000);
    });

    it('[RC3] lets an agent leave', async () => {
      agent = await TestAgent.enrol(edge, 1);
      const stop = new AbortController();
      const link = await agent.link({ signal: stop.signal });
      stop.abort();
      expect(await link.ended).toBeNull();
      expect((await ask()).status).toBe(503);
    });
  });
}
