import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { Env } from '../../edge/env.ts';
import { createApp } from '../../edge/http/app.ts';
import { failureResponse } from '../../edge/link/orders.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, file, hex, movie } from './catalog-world.ts';

const viewer = await callerOf('child');
const PIXELS = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const app = createApp();

type Answer = (order: { resource: { image: string; width: number } }) => Response | Promise<Response>;

/** The edge with agents that answer byte orders as told; all of them are online unless `online` says otherwise. */
function edgeWith(answers: Record<string, Answer>, online = Object.keys(answers)) {
  const orders: string[] = [];
  const bindings = {
    ...env,
    FLEET: {
      getByName: () => ({
        agents: async () => online.map((agentId) => ({ agentId, online: true })),
      }),
    },
    AGENT_LINK: {
      getByName: (agentId: string) => ({
        fetch: async (_url: string, init: RequestInit) => {
          orders.push(agentId);
          const answer = answers[agentId];
          if (!answer) throw new Error('this agent was not to be asked');
          return answer(JSON.parse(String(init.body)));
        },
      }),
    },
  } as unknown as Env;
  return {
    orders,
    async get(path: string, headers: Record<string, string> = viewer.headers): Promise<Response> {
      const context = createExecutionContext();
      const response = await app.fetch(
        new Request(`http://edge.test/api/v1/images/${path}`, { headers }),
        bindings,
        context,
      );
      await waitOnExecutionContext(context);
      return response;
    },
  };
}

const picture = (contentType = 'image/jpeg', body = PIXELS): Response =>
  new Response(body, { headers: { 'content-type': contentType, 'content-length': String(body.length) } });

/** Agents that announced the same picture. */
async function announced(name: string, agents = 1) {
  const id = await hex(name);
  const ids: string[] = [];
  for (let i = 0; i < agents; i++) {
    const agent = await agentWith({ films: name }, `Site ${i}`);
    await agent.say([file(name, movie(name), { artwork: { poster: id } })]);
    ids.push(agent.id);
  }
  return { id, agents: ids as [string, ...string[]] };
}

it('has a picture made by its agent, keeps it, and then needs no agent', async () => {
  const { id, agents } = await announced('Kept');
  const widths: number[] = [];
  const edge = edgeWith({
    [agents[0]]: ({ resource }) => {
      widths.push(resource.width);
      return picture();
    },
  });
  const first = await edge.get(`${id}?w=800`);
  expect(first.status).toBe(200);
  expect(new Uint8Array(await first.arrayBuffer())).toEqual(PIXELS);
  expect(first.headers.get('content-type')).toBe('image/jpeg');
  expect(first.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  expect(first.headers.get('x-content-type-options')).toBe('nosniff');
  expect(first.headers.get('content-security-policy')).toContain('sandbox');
  const again = await edgeWith({}).get(`${id}?w=800`);
  expect(new Uint8Array(await again.arrayBuffer())).toEqual(PIXELS);
  expect(widths).toEqual([800]);
  const known = await edgeWith({}).get(`${id}?w=800`, {
    ...viewer.headers,
    'if-none-match': first.headers.get('etag') ?? '',
  });
  expect(known.status).toBe(304);
});

it('asks once for a picture that many want at the same moment', async () => {
  const { id, agents } = await announced('Crowd');
  const edge = edgeWith({
    [agents[0]]: async () => {
      await scheduler.wait(20);
      return picture();
    },
  });
  const answers = await Promise.all(Array.from({ length: 8 }, () => edge.get(id)));
  expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(200));
  expect(edge.orders).toHaveLength(1);
});

it('goes on to the next agent when one fails, and never asks one that is offline', async () => {
  const { id, agents } = await announced('Others', 3);
  const [broken, away, good] = agents as [string, string, string];
  const edge = edgeWith(
    {
      [broken]: () => failureResponse({ class: 'liveness', code: 'agent-offline', detail: 'gone' }),
      [good]: () => picture('image/webp'),
    },
    [broken, good],
  );
  const response = await edge.get(id);
  expect(response.headers.get('content-type')).toBe('image/webp');
  expect(edge.orders).not.toContain(away);
});

it('says that the machine is offline, or that there is no such picture', async () => {
  const { id } = await announced('Offline');
  const offline = await edgeWith({}).get(id);
  expect(offline.status).toBe(503);
  expect(await offline.json()).toMatchObject({ code: 'agent-offline', retryable: true });
  const unknown = await edgeWith({}).get(await hex('never announced'));
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get('cache-control')).toBe('no-store');
});

it('shows nothing that is not a picture, and keeps nothing of it', async () => {
  const { id, agents } = await announced('Script');
  for (const answer of [
    () => picture('text/html'),
    () => picture('image/svg+xml'),
    () => picture('image/jpeg', new Uint8Array(0)),
    () =>
      new Response(PIXELS, { headers: { 'content-type': 'image/jpeg', 'content-length': String(9 * 1024 * 1024) } }),
    () => failureResponse({ class: 'content', code: 'content-broken', detail: 'no frame' }),
  ]) {
    const response = await edgeWith({ [agents[0]]: answer }).get(id);
    expect(response.status).toBe(502);
  }
  const kept = async () => (await env.IMAGES.list()).objects.map(({ key }) => key);
  const before = await kept();
  expect((await edgeWith({ [agents[0]]: () => picture() }).get(id)).status).toBe(200);
  expect((await kept()).length).toBe(before.length + 1);
});

it('keeps pictures under names that nobody can tell who knows their ids', async () => {
  const { id, agents } = await announced('Named');
  expect((await edgeWith({ [agents[0]]: () => picture() }).get(id)).status).toBe(200);
  const names = (await env.IMAGES.list()).objects.map(({ key }) => key);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

it('refuses other widths, odd names, and people who are not signed in', async () => {
  const { id } = await announced('Refused');
  const edge = edgeWith({});
  expect((await edge.get(`${id}?w=401`)).status).toBe(400);
  expect((await edge.get('..%2Fsecret')).status).toBe(404);
  expect((await edge.get(`${id.toUpperCase()}`)).status).toBe(404);
  expect((await edge.get(id, {})).status).toBe(401);
});
