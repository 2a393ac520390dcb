import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { setFavorite } from '../../edge/db/user-items.ts';
import { POLICY } from '../../edge/http/policy.ts';
import { AuditPage } from '../../shared/api/audit.ts';
import { Me } from '../../shared/api/auth.ts';
import { SEE_AS_HEADER, SeeAs } from '../../shared/api/users.ts';
import { edgeClient } from './edge-client.ts';
import { addLibrary, outcomeOf, world } from './people-caller.ts';
import { addItem } from './playing-agent.ts';

const { edge, person } = world();
let films = '';

beforeAll(async () => {
  films = await addLibrary('Seen films', 30);
  await addLibrary('Other films', 31);
});

type Person = Awaited<ReturnType<typeof person>>;

async function viewOf(admin: Person, target: Person) {
  const response = await admin.call('POST', `/users/${target.id}/see-as`);
  expect(response.status).toBe(201);
  const view = SeeAs.parse(await response.json());
  const headers = { ...admin.headers, [SEE_AS_HEADER]: view.word };
  const call = (method: string, path: string, body?: unknown) =>
    edge.call(method, `/api/v1${path}`, { headers, ...(body === undefined ? {} : { body }) });
  return { ...view, headers, call };
}

const libraries = async (caller: Pick<Person, 'call'>) =>
  ((await (await caller.call('GET', '/libraries')).json()) as { items: { name: string }[] }).items.map(
    ({ name }) => name,
  );

describe('seeing as somebody else', () => {
  it('shows what they see, and nothing of what they did', async () => {
    const owner = await person('owner');
    const child = await person('child', 'Grace');
    const access = { role: 'child', disabled: false, libraryIds: [films], maxAge: null };
    expect((await owner.call('PUT', `/users/${child.id}`, access)).status).toBe(200);
    await setFavorite(env, Number(child.id), await addItem(), true, 1);
    const view = await viewOf(owner, child);
    expect([view.name, view.role]).toEqual(['Grace', 'child']);
    expect(await libraries(view)).toEqual(await libraries(child));
    expect(await libraries(view)).toEqual(['Seen films']);
    expect((await libraries(owner)).length).toBeGreaterThan(1);
    expect(Me.parse(await (await view.call('GET', '/users/me')).json())).toMatchObject({
      name: 'Grace',
      role: 'child',
    });
    const favourites = (await (await view.call('GET', '/users/me/favorites')).json()) as { items: [] };
    expect(favourites.items).toEqual([]);
  });

  it('hides the tags that are hidden from them', async () => {
    const owner = await person('owner');
    const child = await person('child');
    const facet = await env.DB.prepare(
      `INSERT INTO facet (key, kind, name, sort_name, items, born) VALUES ('tag:seen', 'tag', 'Seen tag', 'seen tag', 1, 0) RETURNING id`,
    ).first<{ id: number }>();
    await owner.call('PUT', `/users/${child.id}/hidden`, { ids: [String(facet?.id)] });
    const view = await viewOf(owner, child);
    const known = await Promise.all([owner, view].map((one) => one.call('GET', `/facets/${facet?.id}`)));
    expect(known.map(({ status }) => status)).toEqual([200, 404]);
  });

  it.each(
    POLICY.filter(
      ({ path, method, access }) =>
        path.startsWith('/api/') && typeof access === 'object' && !(method === 'GET' && access.scope === 'read'),
    ).map((rule) => [`${rule.method} ${rule.path}`, rule] as const),
  )('changes nothing and plays nothing: %s', async (_, { method, path }) => {
    const owner = await person('owner');
    const view = await viewOf(owner, await person('owner'));
    const answer = await view.call(
      method,
      path.slice('/api/v1'.length).replaceAll(/:\w+/g, '1'),
      method === 'GET' ? undefined : {},
    );
    expect(await outcomeOf(answer)).toBe('forbidden');
  });

  it('is for those above, and in the log before anything is seen', async () => {
    const [owner, admin, member, child] = [
      await person('owner'),
      await person('admin'),
      await person('member'),
      await person('child'),
    ];
    const ask = async (who: Person, whom: Person) => outcomeOf(await who.call('POST', `/users/${whom.id}/see-as`));
    expect(await ask(owner, admin)).toBe(201);
    expect(await ask(admin, child)).toBe(201);
    expect(await ask(admin, owner)).toBe('forbidden');
    expect(await ask(admin, await person('admin'))).toBe('forbidden');
    expect(await ask(member, child)).toBe('forbidden');
    expect(await ask(owner, owner)).toBe('forbidden');
    expect(await outcomeOf(await owner.call('POST', '/users/999999/see-as'))).toBe('not-found');
    const { items } = AuditPage.parse(await (await owner.call('GET', '/audit?event=user.seen-as&limit=2')).json());
    expect(items.map(({ actor, subject }) => [actor, subject])).toEqual([
      [admin.name, `${child.name}, child`],
      [owner.name, `${admin.name}, admin`],
    ]);
  });

  it('is of one sign-in, for half an hour, and ends when its person is turned off', async () => {
    const clock = { now: Date.now() };
    const owner = await person('owner');
    const other = await person('owner');
    const child = await person('child');
    const { word, headers } = await viewOf(owner, child);
    const stolen = await edge.call('GET', '/api/v1/home', { headers: { ...other.headers, [SEE_AS_HEADER]: word } });
    expect(await outcomeOf(stolen)).toBe('forbidden');
    for (const invented of ['x', `${word}x`, word.slice(1), 'A'.repeat(400)]) {
      const answer = await edge.call('GET', '/api/v1/home', {
        headers: { ...owner.headers, [SEE_AS_HEADER]: invented },
      });
      expect(await outcomeOf(answer)).toBe('forbidden');
    }
    const later = edgeClient({ clock });
    expect((await later.get('/api/v1/home', headers)).status).toBe(200);
    clock.now += 14 * 60_000;
    expect((await later.get('/api/v1/home', headers)).status).toBe(200);
    const access = { role: 'child', disabled: true, libraryIds: null, maxAge: null };
    expect((await owner.call('PUT', `/users/${child.id}`, access)).status).toBe(200);
    expect(await outcomeOf(await edge.call('GET', '/api/v1/home', { headers }))).toBe('not-found');
  });
});
