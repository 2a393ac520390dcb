import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { POLICY } from '../../edge/http/policy.ts';
import { orderBytes } from '../../edge/link/orders.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, file, gone, hex, itemOf, movie } from './catalog-world.ts';
import { FakeAgent, ORIGIN } from './fake-agent.ts';

const SCRIPT = '<script>fetch("/api/v1/users")</script><img src=x onerror=alert(1)>';
const SESSION = 'ses_AAAAAAAAAAAAAAAAAAAAAA';

describe('a malicious agent', () => {
  it('reads nothing of people and titles with its token', async () => {
    const agent = await FakeAgent.enrol();
    for (const { method, path, access } of POLICY) {
      if (typeof access !== 'object') continue;
      const url = ORIGIN + path.replaceAll(/:\w+/g, '1');
      const { status } = await exports.default.fetch(url, {
        method,
        headers: { authorization: `Bearer ${await agent.token()}` },
      });
      expect([method, path, status]).toEqual([method, path, 401]);
    }
  });

  it('changes and removes nothing that another said, under the very same names', async () => {
    const honest = await agentWith({ films: 'Shared' });
    const malicious = await agentWith({ films: 'Shared' });
    await honest.say([file('one', movie('Honest Film', 2001), { size: 1234 })]);
    await malicious.say([file('one', movie('Forged Film', 2001), { size: 1 })]);
    await malicious.say([gone('one'), gone('two')]);
    await malicious.begin('epoch-02');
    await malicious.say([], { complete: true });
    const left = await env.DB.prepare('SELECT agent_id, size, deleted_at FROM file WHERE agent_id = ?')
      .bind(honest.id)
      .all();
    expect(left.results).toEqual([{ agent_id: honest.id, size: 1234, deleted_at: null }]);
    expect((await itemOf('Honest Film'))?.deleted_at).toBeNull();
  });

  it('answers for no session but its own, with the ids of another’s in its hands', async () => {
    const honest = await FakeAgent.enrol();
    const malicious = await FakeAgent.enrol();
    const mine = await honest.connect();
    const its = await malicious.connect();
    const order = { session: SESSION, generation: 1, resource: { kind: 'file' }, range: null } as const;
    const answer = orderBytes(env, honest.id, order, new AbortController().signal);
    const { id } = await mine.next('bytes');
    const inline = { type: 'inline', contentType: 'text/vtt', etag: null, range: null } as const;
    its.send({ ...inline, id, body: btoa('forged') });
    its.send({ type: 'failure', id, class: 'content', code: 'content-broken', detail: 'forged' });
    mine.send({ ...inline, id, body: btoa('true') });
    expect(await (await answer).text()).toBe('true');
    const forged = id.replace(/^(.{12})(.)/, (_, head, sign) => head + (sign === 'A' ? 'B' : 'A'));
    expect(await malicious.put(forged, 0, new Uint8Array(6), { total: 6 })).toBe(403);
  });

  it('brings no script in by titles and names of files: they come back as data that nothing runs', async () => {
    const agent = await agentWith({ films: 'Hostile' });
    const poster = await hex('hostile poster');
    await agent.say([
      file(`${SCRIPT}.mkv`, movie(`Hostile ${SCRIPT}`, 2001), {
        artwork: { poster },
        metadata: { genres: [SCRIPT], people: [{ name: SCRIPT, role: 'actor' }], overview: SCRIPT } as never,
      }),
    ]);
    const admin = await callerOf('admin');
    const item = await itemOf(`Hostile ${SCRIPT}`);
    for (const path of [`/items/${item?.id}`, '/home', '/search?q=hostile', '/people', '/genres']) {
      const response = await admin.call('GET', path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
      await response.body?.cancel();
    }
  });

  it('brings no script in by subtitles: they are text, whatever it calls them', async () => {
    const agent = await FakeAgent.enrol();
    const socket = await agent.connect();
    for (const contentType of ['text/html', 'image/svg+xml', 'application/javascript']) {
      const order = {
        session: SESSION,
        generation: 1,
        resource: { kind: 'subtitle', stream: 2 },
        range: null,
      } as const;
      const answer = orderBytes(env, agent.id, order, new AbortController().signal);
      const { id } = await socket.next('bytes');
      socket.send({ type: 'inline', id, contentType, etag: null, range: null, body: btoa(SCRIPT) });
      expect((await answer).status).toBeGreaterThanOrEqual(400);
    }
  });
});
