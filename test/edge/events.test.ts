import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { EVENT_HUB_NAME, publishEvent } from '../../edge/objects/event-publisher.ts';
import { CreatedApiKey } from '../../shared/api/api-keys.ts';
import { ServerEvent } from '../../shared/api/events.ts';
import { type Caller, callerOf } from './api-caller.ts';

/** An open event socket: what it was told, and how it was closed. */
async function listen(person: Caller, more: Record<string, string> = {}) {
  const response = await exports.default.fetch('http://edge.test/api/v1/events', {
    headers: { ...person.headers, upgrade: 'websocket', ...more },
  });
  const socket = response.webSocket;
  if (!socket) throw new Error(`no socket: ${response.status}`);
  const heard: string[] = [];
  const waiting: (() => void)[] = [];
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', (event) => resolve(event.code)));
  socket.addEventListener('message', (event) => {
    heard.push(String(event.data));
    waiting.shift()?.();
  });
  socket.accept();
  return {
    ...{ socket, heard, closed },
    async next(): Promise<string> {
      if (heard.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return heard.shift() as string;
    },
    /** All that came before an answer to a ping, which comes in order. */
    async soFar(): Promise<string[]> {
      await publishEvent(env, NOTICE('done'), { users: 'all' });
      const all: string[] = [];
      for (;;) {
        const one = await this.next();
        if (one.includes('"done"')) return all;
        all.push(one);
      }
    },
  };
}

const NOTICE = (text: string) => ({ topic: 'system.notification', level: 'info', text }) as const;

it('tells events to everybody, to admins, or to named people', async () => {
  const [admin, member] = [await callerOf('admin'), await callerOf('member')];
  const [theirs, ours] = [await listen(admin), await listen(member)];
  await publishEvent(env, NOTICE('to all'), { users: 'all' });
  await publishEvent(env, NOTICE('to admins'), { users: 'admins' });
  await publishEvent(env, NOTICE('to one'), { users: [member.principal.userId] });
  const texts = (all: string[]) =>
    all.map((one) => {
      const event = ServerEvent.parse(JSON.parse(one));
      return event.topic === 'system.notification' ? event.text : event.topic;
    });
  expect(texts(await ours.soFar())).toEqual(['to all', 'to one']);
  expect(texts((await theirs.soFar()).filter((one) => !one.includes('done')))).toEqual(['to all', 'to admins']);
});

it('refuses sockets without a sign-in, from other sites’ pages, and requests that are no socket', async () => {
  const open = (headers: Record<string, string>) =>
    exports.default.fetch('http://edge.test/api/v1/events', { headers });
  expect((await open({ upgrade: 'websocket' })).status).toBe(401);
  const member = await callerOf('member');
  expect((await open(member.headers)).status).toBe(400);
  expect((await open({ ...member.headers, upgrade: 'websocket', origin: 'https://evil.example' })).status).toBe(403);
});

it('believes the sign-in, not what a client claims to be', async () => {
  const [member, victim] = [await callerOf('member'), await callerOf('owner')];
  const socket = await listen(member, { 'hc-user-id': String(victim.principal.userId), 'hc-role': 'owner' });
  await publishEvent(env, NOTICE('secret'), { users: 'admins' });
  await publishEvent(env, NOTICE('secret'), { users: [victim.principal.userId] });
  expect(await socket.soFar()).toEqual([]);
});

it('tells changes of the catalog at once, and those of the next second together', async () => {
  const socket = await listen(await callerOf('member'));
  const update = (...libraryIds: string[]) =>
    publishEvent(env, { topic: 'metadata.updated', libraryIds }, { users: 'all' });
  await update('1');
  await update('2');
  await update('3', '2');
  const libraries = async () => JSON.parse(await socket.next()).libraryIds;
  expect(await libraries()).toEqual(['1']);
  expect(await libraries()).toEqual(['2', '3']);
  expect(socket.heard).toEqual([]);
});

it('knows after an eviction whose sockets it holds, and closes them with their sign-in', async () => {
  const [admin, member] = [await callerOf('admin'), await callerOf('member')];
  const [theirs, ours] = [await listen(admin), await listen(member)];
  await evictDurableObject(env.EVENT_HUB.getByName(EVENT_HUB_NAME));
  await publishEvent(env, NOTICE('to admins'), { users: 'admins' });
  await publishEvent(env, NOTICE('to one'), { users: [member.principal.userId] });
  expect((await ours.soFar()).map((one) => JSON.parse(one).text)).toEqual(['to one']);
  expect((await theirs.soFar()).map((one) => JSON.parse(one).text)).toContain('to admins');
  await evictDurableObject(env.EVENT_HUB.getByName(EVENT_HUB_NAME));
  await env.EVENT_HUB.getByName(EVENT_HUB_NAME).endSessions([member.principal.authSessionId]);
  expect(await ours.closed).toBe(1008);
  theirs.socket.close();
});

it('answers a ping', async () => {
  const socket = await listen(await callerOf('member'));
  socket.socket.send('ping');
  expect(await socket.next()).toBe('pong');
});

it.each([
  ['turned off', { disabled: true }],
  ['given other limits', { maxAge: 12 }],
])('closes the socket of an API key at once whose person was %s', async (_, change) => {
  const [owner, member] = [await callerOf('owner'), await callerOf('member')];
  const made = await (await member.call('POST', '/api-keys', { name: 'Script', scopes: ['read'] })).json();
  const byKey = { ...member, headers: { authorization: `Bearer ${CreatedApiKey.parse(made).key}` } };
  const socket = await listen(byKey);
  const person = { role: 'member', disabled: false, libraryIds: null, maxAge: null, ...change };
  expect((await owner.call('PUT', `/users/${member.principal.userId}`, person)).status).toBe(200);
  expect(await socket.closed).toBe(1008);
});

it('tells nothing to whom an API key let in that has expired since, and closes', async () => {
  const [member, other] = [await callerOf('member'), await callerOf('member')];
  const request = { name: 'Script', scopes: ['read'], expiresInDays: 1 };
  const { id, key, expiresAt } = CreatedApiKey.parse(await (await member.call('POST', '/api-keys', request)).json());
  const byKey = await listen({ ...member, headers: { authorization: `Bearer ${key}` } });
  const bySignIn = await listen(other);
  await runInDurableObject(env.EVENT_HUB.getByName('hub'), (_hub, state) => {
    const [socket] = state.getWebSockets(`session:${id}`);
    const attachment = socket?.deserializeAttachment() as { openedAt: number; until: number };
    expect(attachment.until).toBe(expiresAt);
    // A day later.
    socket?.serializeAttachment({ ...attachment, until: Date.now() - 1 });
  });
  await publishEvent(env, NOTICE('secret'), { users: 'all' });
  expect(await byKey.closed).toBe(1008);
  expect(byKey.heard).toEqual([]);
  expect(await bySignIn.soFar()).toHaveLength(1);
});

it('closes the sockets of a sign-in that has ended, and no others', async () => {
  const [one, other] = [await callerOf('member'), await callerOf('member')];
  const [ended, kept] = [await listen(one), await listen(other)];
  await env.EVENT_HUB.getByName('hub').endSessions([one.principal.authSessionId]);
  expect(await ended.closed).toBe(1008);
  expect(await kept.soFar()).toEqual([]);
});

it('closes a socket that says something', async () => {
  const socket = await listen(await callerOf('member'));
  socket.socket.send('let me in');
  expect(await socket.closed).toBe(1008);
});

it('closes the oldest of too many sockets of one person', async () => {
  const person = await callerOf('member');
  const sockets = [];
  for (let i = 0; i < 17; i++) sockets.push(await listen(person));
  expect(await sockets[0]?.closed).toBe(1008);
  await publishEvent(env, NOTICE('still here'), { users: [person.principal.userId] });
  expect(await sockets[1]?.next()).toContain('still here');
  expect(await sockets[16]?.next()).toContain('still here');
});
