import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { hideFrom } from '../../edge/db/scopes.ts';
import { setPlayed } from '../../edge/db/user-items.ts';
import { KEPT_TABLES, LEFT_OUT } from '../../edge/deployment/backup-tables.ts';
import { makeDueBackup } from '../../edge/deployment/backups.ts';
import { Backup, Backups, Restored } from '../../shared/api/backups.ts';
import { HistoryPage } from '../../shared/api/facets.ts';
import recordedV1 from '../fixtures/backup-v1.ndjson?raw';
import { agentWith, episode, file, itemOf, movie, NOW } from './catalog-world.ts';
import { world } from './people-caller.ts';
import { signedIn } from './signed-in.ts';

const NAMELESS = /^(sqlite_|_cf_|d1_)|_(data|idx|content|docsize|config)$/;

async function tables(): Promise<string[]> {
  const { results } = await env.DB.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).all<{
    name: string;
  }>();
  return results.map(({ name }) => name).filter((name) => !NAMELESS.test(name));
}

/** As if nobody had ever been here. */
async function wipe(): Promise<void> {
  for (const name of await tables()) {
    if (name !== 'signing_key') await env.DB.prepare(`DELETE FROM ${name}`).run();
  }
  await env.DB.prepare('DELETE FROM sqlite_sequence').run();
}

/** What a backup keeps, by table. */
async function kept(): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const [name, { columns, key, where }] of Object.entries(KEPT_TABLES)) {
    const listed = Object.keys(columns).map((column) => `t.${column}`);
    const sql =
      name === 'user_hidden'
        ? `SELECT u.user_id, group_concat(h.facet_id) AS facets FROM user_hidden u
          JOIN hidden_facet h ON h.set_id = u.set_id GROUP BY u.user_id`
        : `SELECT ${listed.join(', ')} FROM ${name} t ${where ? `WHERE ${where}` : ''} ORDER BY ${key.join(', ')}`;
    all[name] = (await env.DB.prepare(sql).all()).results;
  }
  return all;
}

const zipped = async (text: string): Promise<ArrayBuffer> =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();

const unzipped = (file: ArrayBuffer): Promise<string> =>
  new Response(new Blob([file]).stream().pipeThrough(new DecompressionStream('gzip'))).text();

function restore(client: ReturnType<typeof world>['edge'], body: ArrayBuffer, code = 'TEST-SETUP'): Promise<Response> {
  const headers = { 'x-setup-code': code, 'content-length': String(body.byteLength) };
  return client.raw('/api/v1/restore', { method: 'POST', headers, body });
}

/** A household with all that people can make. Answers who owns it. */
async function household() {
  const { principal: owner, headers } = await signedIn('owner', 'Olga');
  const { principal: child } = await signedIn('child', 'Kim');
  const agent = await agentWith({ films: 'Films', shows: 'Shows' });
  const metadata = { genres: ['Horror', 'Drama'], ids: { imdb: 'tt0011111' } };
  await agent.say([
    file('a', movie('Alpha', 2001), { metadata } as never),
    file('b', movie('Beta', 2002)),
    file('c', episode('Gamma', 1, 1), { root: 'shows' }),
    file('d', movie('Never Touched', 2003)),
  ]);
  const [alpha, beta] = [await itemOf('Alpha'), await itemOf('Beta')];
  const part = await env.DB.prepare("SELECT id FROM item WHERE kind = 'episode'").first<{ id: number }>();
  await setPlayed(env, owner.userId, alpha.id, true, NOW);
  await setPlayed(env, child.userId, part?.id ?? 0, true, NOW + 1);
  const horror = await env.DB.prepare("SELECT id FROM facet WHERE name = 'Horror'").first<{ id: number }>();
  await hideFrom(env, child.userId, [horror?.id ?? 0]);
  const films = await env.DB.prepare("SELECT bit FROM library WHERE name = 'Films'").first<{ bit: number }>();
  await env.DB.batch([
    env.DB.prepare('INSERT INTO user_restriction VALUES (?1, ?2, 12)').bind(child.userId, 1 << (films?.bit ?? 0)),
    env.DB.prepare('INSERT INTO user_limit VALUES (?1, 2, 8000)').bind(child.userId),
    env.DB.prepare('UPDATE user_item SET rating = 9, favorite = 1 WHERE user_id = ?1').bind(owner.userId),
    env.DB.prepare(
      "INSERT INTO playlist (id, user_id, name, items, updated_at) VALUES (7, ?1, 'Rainy days', 2, 5)",
    ).bind(owner.userId),
    env.DB.prepare('INSERT INTO playlist_item VALUES (7, 1, ?1), (7, 2, ?2)').bind(alpha.id, beta.id),
    env.DB.prepare('INSERT INTO item_apart VALUES (?1, ?2)').bind(alpha.id, beta.id),
    env.DB.prepare('INSERT INTO item_alias VALUES (?1, ?2, 1, 9)').bind(beta.id, alpha.id),
    env.DB.prepare(`INSERT INTO setting VALUES ('serverName', '"Our films"', 3)`),
    env.DB.prepare(`INSERT INTO api_key (id, user_id, name, prefix, hash, scopes, created_at)
      VALUES ('key_1', ?1, 'Script', 'hck_abc', 'hash-of-it', '["read"]', 4)`).bind(owner.userId),
    env.DB.prepare(
      "INSERT INTO scan_hook (token_hash, name, library_id, created_at) VALUES ('hash', 'Downloader', 1, 5)",
    ),
    env.DB.prepare("INSERT INTO item_edit VALUES (?1, '{}', '[]', '[]', 5)").bind(alpha.id),
    env.DB.prepare('INSERT INTO history VALUES (?1, 77, ?2)').bind(owner.userId, alpha.id),
    env.DB.prepare("INSERT OR IGNORE INTO item_key VALUES ('x:imdb:tt0011111', ?1)").bind(alpha.id),
    env.DB.prepare(
      "INSERT OR IGNORE INTO watch_count VALUES (?1, 'item', ?2, 1, 60), (?1, 'genre', ?3, 1, 60), (0, 'item', ?2, 1, 60)",
    ).bind(owner.userId, alpha.id, horror?.id ?? 0),
    env.DB.prepare('UPDATE agent SET direct_off = 1'),
    env.DB.prepare('INSERT OR IGNORE INTO watch_day VALUES (?1, 20000, 2, 60000)').bind(owner.userId),
  ]);
  return { owner, child, headers, agent };
}

async function backupOf(headers: Record<string, string>): Promise<ArrayBuffer> {
  const response = await world().edge.get('/api/v1/backups/now', headers);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toMatch(/hearthcast-\d{4}-\d\d-\d\d\.ndjson\.gz/);
  return response.arrayBuffer();
}

beforeEach(wipe);

describe('what a backup holds', () => {
  it('is decided for every table and every column', async () => {
    for (const name of await tables()) {
      const table = KEPT_TABLES[name];
      expect([name, table !== undefined || Object.hasOwn(LEFT_OUT, name)]).toEqual([name, true]);
      if (!table || name === 'user_hidden') continue;
      const { results } = await env.DB.prepare('SELECT name FROM pragma_table_info(?1)')
        .bind(name)
        .all<{ name: string }>();
      const decided = [...Object.keys(table.columns), ...(table.derived ?? [])];
      expect([name, decided.sort()]).toEqual([name, results.map((column) => column.name).sort()]);
    }
  });
});

describe('a backup', () => {
  it('comes back into an empty deployment table by table', async () => {
    const { headers } = await household();
    const before = await kept();
    const backup = await backupOf(headers);
    expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([]);

    await wipe();
    const { edge } = world();
    const response = await restore(edge, backup);
    expect([response.status, await response.clone().text()]).toEqual([200, expect.anything()]);
    const { records } = Restored.parse(await response.json());
    const after = await kept();
    // Titles that nobody's data hang on are not kept: agents bring them again.
    const touched = (rows: unknown[]) => rows.filter((row) => (row as { title?: string }).title !== 'Never Touched');
    for (const name of ['item', 'item_key']) before[name] = before[name]?.filter((row) => inBackup(row, after)) ?? [];
    expect({ ...after, item: touched(after.item ?? []) }).toEqual(before);
    expect(records).toMatchObject({ user: 2, user_hidden: 1, library: 2, playlist_item: 2 });
    expect((await edge.get('/api/v1/server')).status).toBe(200);
  });

  it('comes to life with the first synchronisation', async () => {
    const { headers, owner, agent } = await household();
    const { id } = await itemOf('Alpha');
    const backup = await backupOf(headers);
    await wipe();
    await restore(world().edge, backup);
    expect((await itemOf('Alpha')).deleted_at).not.toBeNull();
    agent.begin('epoch-02');
    await agent.say([file('a', movie('Alpha', 2001)), file('c', episode('Gamma', 1, 1), { root: 'shows' })]);
    const { edge, person } = world();
    const other = await person('owner', 'Somebody else');
    expect((await edge.get('/api/v1/items/1', other.headers)).status).toBe(200);
    const row = await env.DB.prepare('SELECT played, rating, favorite FROM user_item WHERE user_id = ? AND item_id = ?')
      .bind(owner.userId, id)
      .first();
    expect(row).toEqual({ played: 1, rating: 9, favorite: 1 });
    const series = await env.DB.prepare("SELECT episodes, deleted_at FROM item WHERE kind = 'series'").first();
    expect(series).toEqual({ episodes: 1, deleted_at: null });
  });

  it('comes back into a deployment whose machines were there first, under its own numbers', async () => {
    const { headers, child, owner } = await household();
    const backup = await backupOf(headers);
    await wipe();
    const agent = await agentWith({ music: 'Music', films: 'Films' }, 'Cabin');
    await agent.say([
      file('x', movie('Another', 1999), { root: 'films' }),
      file('y', movie('Beta', 2002), { root: 'films' }),
      file('z', movie('Alpha', 2001), { root: 'films' }),
    ]);
    const alpha = await itemOf('Alpha');
    const response = await restore(world().edge, backup);
    expect(response.status).toBe(200);
    const played = await env.DB.prepare('SELECT item_id FROM user_item WHERE user_id = ? AND played = 1')
      .bind(owner.userId)
      .all();
    expect(played.results).toEqual([{ item_id: alpha.id }]);
    const films = await env.DB.prepare("SELECT bit FROM library WHERE name = 'Films'").first<{ bit: number }>();
    const mask = await env.DB.prepare('SELECT lib_mask FROM user_restriction WHERE user_id = ?')
      .bind(child.userId)
      .first();
    expect(mask).toEqual({ lib_mask: 1 << (films?.bit ?? 0) });
    const bits = await env.DB.prepare('SELECT count(DISTINCT bit) AS n FROM library').first();
    expect(bits).toEqual({ n: 3 });
    expect((await env.DB.prepare('SELECT count(*) AS n FROM restored').first())?.n).toBe(0);
  });

  it('of version 1 can still be read', async () => {
    const response = await restore(world().edge, await zipped(recordedV1));
    expect([response.status, await response.json()]).toEqual([
      200,
      { records: expect.objectContaining({ user: 1, user_item: 1, item: 1 }) },
    ]);
    const { person } = world();
    const reader = await person('owner');
    const history = HistoryPage.parse(await (await reader.call('GET', '/users/me/history')).json());
    expect(history.items).toEqual([]);
  });
});

describe('a restoration', () => {
  async function refusal(body: ArrayBuffer, code?: string): Promise<[number, string]> {
    const response = await restore(world().edge, body, code);
    const problem = (await response.json()) as { detail: string };
    return [response.status, problem.detail];
  }

  it('says what is wrong with a file, leaves nobody behind, and can be repeated', async () => {
    const { headers } = await household();
    const backup = await backupOf(headers);
    const lines = (await unzipped(backup)).trimEnd().split('\n');
    await wipe();
    const without = async (text: string[]) => refusal(await zipped(`${text.join('\n')}\n`));
    expect(await refusal(new TextEncoder().encode('a film').buffer as ArrayBuffer)).toEqual([
      400,
      'This file is not a backup of Hearthcast.',
    ]);
    expect(await without(['{"some":"json"}'])).toEqual([400, 'This file is not a backup of Hearthcast.']);
    expect(await without(lines.slice(0, -1))).toEqual([400, expect.stringMatching(/no end: the file was cut off/)]);
    expect(await without([...lines.slice(0, 3), ...lines.slice(4)])).toEqual([
      400,
      expect.stringMatching(/records came/),
    ]);
    expect(await without([lines[0] as string, '{"user":{"id":"one"}}'])).toEqual([
      400,
      'The backup cannot be read at line 2: user.id is not what it must be.',
    ]);
    expect(await without([lines[0] as string, '{"spell":{"id":1}}'])).toEqual([400, expect.stringMatching(/line 2/)]);
    expect(await without([(lines[0] as string).replace('"version":1', '"version":99')])).toEqual([
      400,
      expect.stringMatching(/newer release/),
    ]);
    expect(await refusal(backup.slice(0, backup.byteLength / 2))).toEqual([400, expect.stringMatching(/cut off/)]);
    expect((await env.DB.prepare('SELECT count(*) AS n FROM user').first())?.n).toBe(0);
    expect((await restore(world().edge, backup)).status).toBe(200);
  });

  it('is refused without the set-up code, and where there are people', async () => {
    const { headers } = await household();
    const backup = await backupOf(headers);
    expect((await refusal(backup))[0]).toBe(409);
    await wipe();
    expect((await refusal(backup, 'WRONG-CODE'))[0]).toBe(400);
  });
});

describe('backups that the deployment keeps', () => {
  it('are made, listed, taken, deleted by an owner, and only so many are kept', async () => {
    const { edge, person } = world();
    const owner = await person('owner');
    const admin = await person('admin');
    expect((await admin.call('GET', '/backups')).status).toBe(403);
    await owner.call('PUT', '/settings', { backupKeep: 2 });
    const made: Backup[] = [];
    for (let i = 0; i < 3; i++) {
      edge.clock.now += 1000;
      made.push(Backup.parse(await (await owner.call('POST', '/backups')).json()));
    }
    const { items } = Backups.parse(await (await owner.call('GET', '/backups')).json());
    expect(items.map(({ id }) => id)).toEqual([made[2]?.id, made[1]?.id]);
    const file = await (await owner.call('GET', `/backups/${made[2]?.id}/file`)).arrayBuffer();
    expect(file.byteLength).toBe(made[2]?.bytes);
    const lines = (await unzipped(file)).trimEnd().split('\n');
    expect(lines).toHaveLength((made[2]?.records ?? 0) + 2);
    expect((await owner.call('DELETE', `/backups/${made[2]?.id}`)).status).toBe(204);
    expect((await owner.call('GET', `/backups/${made[2]?.id}/file`)).status).toBe(404);
    expect((await env.BACKUPS.list()).objects).toHaveLength(1);
  });

  it('are made by the schedule, once in its time, and never before there is anybody', async () => {
    const DAY = 86_400_000;
    await makeDueBackup(env, NOW);
    expect((await env.BACKUPS.list({ prefix: '2026-01-15' })).objects).toEqual([]);
    await signedIn('owner');
    for (const at of [NOW, NOW + 3_600_000, NOW + DAY]) await makeDueBackup(env, at);
    const { results } = await env.DB.prepare('SELECT at, state, made_by FROM backup ORDER BY at').all();
    expect(results).toEqual([
      { at: NOW, state: 'done', made_by: 'schedule' },
      { at: NOW + DAY, state: 'done', made_by: 'schedule' },
    ]);
  });

  it('tell why one failed', async () => {
    const broken = new Proxy(env.BACKUPS, {
      get: (target, name) =>
        name === 'createMultipartUpload'
          ? () => Promise.reject(new Error('The bucket is full.'))
          : Reflect.get(target, name),
    });
    await signedIn('owner');
    await expect(makeDueBackup({ ...env, BACKUPS: broken }, NOW)).rejects.toThrow('full');
    const { person } = world();
    const owner = await person('owner');
    const { items } = Backups.parse(await (await owner.call('GET', '/backups')).json());
    expect(items).toMatchObject([{ state: 'failed', error: 'The bucket is full.' }]);
  });
});

/** Whether a row of before is one that a backup keeps: its item came back. */
function inBackup(row: unknown, after: Record<string, unknown[]>): boolean {
  const { id, item_id } = row as { id?: number; item_id?: number };
  const wanted = item_id ?? id;
  return (after.item ?? []).some((item) => (item as { id: number }).id === wanted);
}
