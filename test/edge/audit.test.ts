import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import worker from '../../edge/index.ts';
import { type AuditEntry, AuditPage } from '../../shared/api/audit.ts';
import { SignedIn } from '../../shared/api/auth.ts';
import { CreatedInvitation, Person } from '../../shared/api/users.ts';
import { outcomeOf, PASSWORD, world } from './people-caller.ts';

beforeEach(async () => {
  await env.DB.prepare('DELETE FROM audit').run();
});

type Owner = Awaited<ReturnType<ReturnType<typeof world>['person']>>;

async function entries(owner: Owner, query = ''): Promise<AuditEntry[]> {
  return AuditPage.parse(await (await owner.call('GET', `/audit${query}`)).json()).items;
}

/** What stands in the log, oldest first. */
const story = (items: AuditEntry[]) => items.map(({ event, actor, subject }) => [event, actor, subject]).reverse();

describe('the audit log', () => {
  it('tells who came in, who did not, and what was changed by whom', async () => {
    const { person, anyone } = world();
    const owner = await person('owner', 'Olga');
    const login = (password: string) => anyone('POST', '/auth/login', { username: 'Pat', password, device: 'Phone' });
    const made = await owner.call('POST', '/users', { username: 'Pat', password: PASSWORD, role: 'member' });
    const { id } = Person.parse(await made.json());
    await login('not the password');
    await login(PASSWORD);
    await owner.call('PUT', `/users/${id}`, { role: 'child', disabled: false, libraryIds: [] });
    await owner.call('DELETE', `/users/${id}/sessions`);
    await owner.call('DELETE', `/users/${id}`);
    await owner.call('POST', '/api-keys', { name: 'Script', scopes: ['read'] });
    expect(story(await entries(owner))).toEqual([
      ['user.made', 'Olga', 'Pat, member'],
      ['sign-in.failed', 'Pat', 'Phone'],
      ['sign-in', 'Pat', 'Phone'],
      ['user.changed', 'Olga', 'Pat: child, on, 0 libraries'],
      ['sign-out.everywhere', 'Olga', 'Pat'],
      ['user.deleted', 'Olga', 'Pat, child'],
      ['api-key.made', 'Olga', 'Script: read'],
    ]);
  });

  it('tells of a sign-out once, by whichever token, also where the access token has expired', async () => {
    const { edge, person, anyone } = world();
    const owner = await person('owner');
    await owner.call('POST', '/users', { username: 'Pia', password: PASSWORD, role: 'member' });
    const signIn = async () =>
      SignedIn.parse(
        await (await anyone('POST', '/auth/login', { username: 'Pia', password: PASSWORD, device: 'Phone' })).json(),
      );
    const leave = ({ accessToken, refreshToken }: SignedIn) =>
      edge.post('/api/v1/auth/logout', { refreshToken }, { authorization: `Bearer ${accessToken}` });
    expect((await leave(await signIn())).status).toBe(204);
    const later = await signIn();
    edge.clock.now += 16 * 60_000;
    expect((await leave(later)).status).toBe(204);
    const { items } = AuditPage.parse(
      await (await (await world().person('owner')).call('GET', '/audit?event=sign-out')).json(),
    );
    expect(items.map(({ actor }) => actor)).toEqual(['Pia', 'Pia']);
  });

  it('holds no code, no key and no password', async () => {
    const { person, anyone } = world();
    const owner = await person('owner');
    const invited = await owner.call('POST', '/invitations', { role: 'member', note: 'Sam' });
    const { code } = CreatedInvitation.parse(await invited.json());
    await anyone('POST', '/auth/join', { code, username: 'Sam', password: PASSWORD });
    await anyone('POST', '/auth/login', { username: 'Sam', password: 'a wrong pass phrase' });
    const text = JSON.stringify(await entries(owner));
    expect(text).toContain('invitation.used');
    for (const secret of [code, PASSWORD, 'a wrong pass phrase']) expect(text).not.toContain(secret);
  });

  it('is read by event and by person, a page at a time', async () => {
    const { person } = world();
    const [owner, admin] = [await person('owner'), await person('admin')];
    const insert = env.DB.prepare(
      `INSERT INTO audit (at, event, actor_id, actor, subject, address) VALUES (?, ?, ?, 'x', ?, 'local')`,
    );
    await env.DB.batch(
      Array.from({ length: 9 }, (_, i) =>
        insert.bind(i, i % 3 ? 'sign-in' : 'sign-out', i % 2 ? admin.id : owner.id, `${i}`),
      ),
    );
    const subjects = async (query: string) => (await entries(owner, query)).map(({ subject }) => subject);
    expect(await subjects('?event=sign-out')).toEqual(['6', '3', '0']);
    expect(await subjects(`?userId=${admin.id}`)).toEqual(['7', '5', '3', '1']);
    expect(await subjects(`?event=sign-out&userId=${admin.id}`)).toEqual(['3']);
    const first = AuditPage.parse(await (await owner.call('GET', '/audit?limit=6')).json());
    const second = AuditPage.parse(await (await owner.call('GET', `/audit?limit=6&cursor=${first.next}`)).json());
    expect([...first.items, ...second.items].map(({ subject }) => subject)).toEqual([...'876543210']);
    expect(second.next).toBeNull();
    expect(await outcomeOf(await owner.call('GET', '/audit?cursor=nonsense'))).toBe('bad-request');
  });

  it('is exported as CSV that no spreadsheet runs, and as JSON lines', async () => {
    const { person, anyone } = world();
    const owner = await person('owner');
    await anyone('POST', '/auth/login', { username: '=1+1', password: 'x', device: 'a "quoted", device' });
    const csv = await owner.call('GET', '/audit/export?format=csv');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="hearthcast-audit.csv"');
    const lines = (await csv.text()).split('\r\n');
    expect(lines[0]).toBe('id,at,event,actorId,actor,subject,address');
    expect(lines[1]).toContain(`"sign-in.failed","","'=1+1","a ""quoted"", device","local"`);
    const json = (await (await owner.call('GET', '/audit/export?format=jsonl')).text()).trim().split('\n');
    expect(json.map((line) => (JSON.parse(line) as AuditEntry).event)).toEqual(['sign-in.failed']);
  });

  it('goes back half a year', async () => {
    const insert = env.DB.prepare(
      `INSERT INTO audit (at, event, actor, subject, address) VALUES (?, 'sign-in', 'x', ?, 'local')`,
    );
    const day = 24 * 3600_000;
    await env.DB.batch([insert.bind(Date.now() - 181 * day, 'old'), insert.bind(Date.now() - 179 * day, 'kept')]);
    await worker.scheduled({} as ScheduledController, env);
    const { results } = await env.DB.prepare('SELECT subject FROM audit').all();
    expect(results).toEqual([{ subject: 'kept' }]);
  });
});
