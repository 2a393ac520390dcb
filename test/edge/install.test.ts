import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { RootInfo } from '../../shared/protocol/capabilities.ts';
import { AWAY, edgeClient, HOME } from './edge-client.ts';
import { FakeAgent } from './fake-agent.ts';
import { signedIn } from './signed-in.ts';

const SCRIPT = "EDGE='@EDGE@'\nRELEASE_KEY='@RELEASE_KEY@'\n";

/** The files of a build; what is not there is the web app's page, as the platform answers it. */
const ASSETS = {
  async fetch(request: Request) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/install/install.')) return new Response(SCRIPT);
    if (pathname === '/install/manifest.json')
      return new Response('{}', { headers: { 'content-type': 'application/json' } });
    return new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
  },
} as unknown as Fetcher;
const RELEASE = { RELEASE_KEY: 'the-key', RELEASE_SIGNATURE: 'the-signature' };

describe('what a machine is installed with', () => {
  it.each([
    ['/install.sh', AWAY, {}, AWAY],
    ['/install.ps1', HOME, {}, HOME],
    ['/install.sh', HOME, { 'x-forwarded-proto': 'https' }, HOME.replace('http:', 'https:')],
  ])('%s at %s names the server and the key to pin', async (path, origin, headers, expected) => {
    const answer = await edgeClient({ origin, bindings: { ASSETS, ...RELEASE } }).get(path, headers);
    expect(await answer.text()).toBe(`EDGE='${expected}'\nRELEASE_KEY='the-key'\n`);
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('holds no host that a shell would read otherwise', async () => {
    const answer = await edgeClient({ origin: "http://a'$(id)'b", bindings: { ASSETS, ...RELEASE } }).get(
      '/install.sh',
    );
    expect(answer.status).toBe(400);
  });

  it('is the files of the release and nothing else', async () => {
    const client = edgeClient({ bindings: { ASSETS, ...RELEASE } });
    expect(await (await client.get('/install/manifest.sig')).text()).toBe('the-signature\n');
    expect((await client.get('/install/manifest.json')).status).toBe(200);
    for (const path of ['/install/agent.mjs', '/install/other', '/install/install.sh']) {
      expect([path, (await client.get(path)).status]).toEqual([path, 404]);
    }
  });

  it.each(['/install.sh', '/install/manifest.json', '/install/manifest.sig'])(
    'is told to be missing at %s where nothing is signed',
    async (path) => {
      const answer = await edgeClient({ bindings: { ASSETS } }).get(path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('without a signed agent') });
    },
  );
});

const ROOT = RootInfo.parse({ id: 'films-1', name: 'Films', library: 'Films', state: 'ok' });

async function machine() {
  await env.DB.prepare(`INSERT INTO site (name, created_at) VALUES ('Install', 0) ON CONFLICT DO NOTHING`).run();
  const agent = await FakeAgent.enrol();
  await env.DB.prepare(
    `INSERT INTO agent (id, site_id, name, public_key, created_at) SELECT ?1, id, 'attic', 'key', 0 FROM site WHERE name = 'Install'`,
  )
    .bind(agent.id)
    .run();
  const owner = await signedIn('owner');
  return { agent, owner, client: edgeClient() };
}

describe('folders of a machine', () => {
  it('[FO1] are asked of it by place, and never by path', async () => {
    const { agent, owner, client } = await machine();
    const socket = await agent.connect();
    const place = { allowed: 0, below: ['Films'] };
    const asked = client.post(`/api/v1/agents/${agent.id}/folders`, { place }, owner.headers);
    const call = await socket.next('call');
    expect(call).toMatchObject({ method: 'library.browse', params: { place } });
    const body = { folders: [{ name: 'Old', root: null }], truncated: false, videos: 3, root: null };
    socket.send({ type: 'answer', id: call.id, body });
    expect(await (await asked).json()).toEqual(body);
    for (const below of [['..'], ['a/b'], ['']]) {
      const refused = await client.post(
        `/api/v1/agents/${agent.id}/folders`,
        { place: { allowed: 0, below } },
        owner.headers,
      );
      expect(refused.status).toBe(400);
    }
  });

  it('[FO3] are shared and taken back; one that was taken back is shown no more, also after a reconnect', async () => {
    const { agent, owner, client } = await machine();
    const socket = await agent.connect({ roots: [ROOT] });
    const mine = async () => {
      const { items } = await (await client.get('/api/v1/libraries', owner.headers)).json<{
        items: { roots: { agent: { id: string } }[] }[];
      }>();
      return items.flatMap(({ roots }) => roots).filter((root) => root.agent.id === agent.id).length;
    };
    expect(await mine()).toBe(1);
    const removing = client.call('DELETE', `/api/v1/agents/${agent.id}/roots/${ROOT.id}`, { headers: owner.headers });
    const call = await socket.next('call');
    expect(call).toMatchObject({ method: 'roots.remove', params: { root: ROOT.id } });
    socket.send({ type: 'answer', id: call.id, body: {} });
    expect((await removing).status).toBe(204);
    expect(await mine()).toBe(0);
    await agent.connect({ roots: [], generation: 2_000 });
    expect(await mine()).toBe(0);
    await agent.connect({ roots: [ROOT], generation: 3_000 });
    expect(await mine()).toBe(1);
  });

  it('tell the machine’s own refusal, and that an older agent must be updated first', async () => {
    const { agent, owner, client } = await machine();
    const socket = await agent.connect();
    const place = { allowed: 0, below: [] };
    for (const [code, status] of [
      ['conflict', 409],
      ['bad-request', 409],
      ['not-found', 404],
    ] as const) {
      const asked = client.post(`/api/v1/agents/${agent.id}/roots`, { place, library: 'Films' }, owner.headers);
      const call = await socket.next('call');
      socket.send({ type: 'failure', id: call.id, class: 'content', code, detail: 'So it is.' });
      expect((await asked).status).toBe(status);
    }
  });

  it('are nobody’s but the admins’, and not of a machine that is not here', async () => {
    const { agent, owner, client } = await machine();
    const member = await signedIn('member');
    const body = { place: null };
    expect((await client.post(`/api/v1/agents/${agent.id}/folders`, body, member.headers)).status).toBe(403);
    expect((await client.post('/api/v1/agents/agt_other/folders', body, owner.headers)).status).toBe(404);
    expect((await client.post(`/api/v1/agents/${agent.id}/folders`, body, owner.headers)).status).toBe(503);
  });
});

it('[HS7] the welcome names the agent’s release where the deployment offers one, and else none', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.dial();
  socket.send(agent.hello());
  expect(await socket.next('welcome')).not.toHaveProperty('agentVersion');
});
