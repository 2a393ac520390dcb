import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { applyBatch, CursorMismatch } from '../../edge/catalog/ingest.ts';
import { saveProgress, userDataOf } from '../../edge/db/user-items.ts';
import {
  agentWith,
  broken,
  count,
  episode,
  file,
  gone,
  hex,
  itemOf,
  MEDIA,
  movie,
  NOW,
  video,
} from './catalog-world.ts';

it('makes items of claims, in the library of their root', async () => {
  const agent = await agentWith({ films: 'Derive A', shows: 'Derive B' });
  await agent.say([
    file('dune.mkv', movie('Dune', 2021), { mtimeMs: NOW + 9_999_999 }),
    file('s/1.mkv', episode('Dark', 1, 1, 'Secrets'), { root: 'shows', mtimeMs: NOW - 5000 }),
    file('s/2.mkv', episode('Dark', 1, 2), { root: 'shows' }),
    file('s/3.mkv', episode('Dark', 2, 1, 'Beginnings'), { root: 'shows' }),
    file('clip.mp4', video('Summer at the lake')),
  ]);
  const dune = await itemOf('Dune');
  expect(dune).toMatchObject({ kind: 'movie', year: 2021, duration_ms: MEDIA.durationMs, deleted_at: null });
  expect(dune.added_at).toBe(NOW);
  const dark = await itemOf('Dark');
  expect(dark).toMatchObject({ kind: 'series', episodes: 3, duration_ms: null });
  expect(dark.lib_mask).not.toBe(dune.lib_mask);
  expect(await itemOf('Season 1')).toMatchObject({ kind: 'season', episodes: 2, lib_mask: dark.lib_mask });
  expect(await itemOf('Episode 2')).toMatchObject({ kind: 'episode', lib_mask: dark.lib_mask });
  const libraries = await env.DB.prepare(
    `SELECT name, items FROM library WHERE name LIKE 'Derive %' ORDER BY name`,
  ).all();
  expect(libraries.results).toEqual([
    { name: 'Derive A', items: 2 },
    { name: 'Derive B', items: 1 },
  ]);
});

it('makes one item of two sites’ copies of a film, and keeps it until both are gone', async () => {
  const home = await agentWith({ films: 'Merge Home' });
  const cabin = await agentWith({ films: 'Merge Cabin' }, 'Cabin');
  await home.say([file('a.mkv', movie('Amélie', 2001))]);
  const before = await itemOf('Amélie');
  await cabin.say([file('b.mkv', movie('AMELIE', 2001))]);
  const both = await itemOf('Amélie');
  expect(both.id).toBe(before.id);
  expect(both.lib_mask).toBeGreaterThan(before.lib_mask);
  expect(await count(`file WHERE item_id = ${both.id} AND deleted_at IS NULL`)).toBe(2);

  await home.say([gone('a.mkv')]);
  const left = await itemOf('AMELIE');
  expect(left).toMatchObject({ id: before.id, deleted_at: null, lib_mask: both.lib_mask - before.lib_mask });
  expect(await count(`library_item WHERE item_id = ${before.id}`)).toBe(1);
  await cabin.say([gone('b.mkv')]);
  expect((await itemOf('AMELIE')).deleted_at).toBe(NOW);
  expect(await count(`library_item WHERE item_id = ${before.id}`)).toBe(0);
});

it('brings a film back under its old id, with what people did', async () => {
  const agent = await agentWith({ films: 'Revive' });
  await agent.say([file('heat.mkv', movie('Heat', 1995))]);
  const { id } = await itemOf('Heat');
  await saveProgress(env, 7, id, 600_000, 5_400_000, NOW);
  await agent.say([gone('heat.mkv')]);
  await agent.say([file('elsewhere/heat.mkv', movie('Heat', 1995))], { now: NOW + 1000 });
  expect(await itemOf('Heat')).toMatchObject({ id, deleted_at: null });
  expect((await userDataOf(env, 7, [id])).get(id)?.positionMs).toBe(600_000);
});

it('moves a file to another item when its name now says another film', async () => {
  const agent = await agentWith({ films: 'Rename' });
  await agent.say([file('x.mkv', movie('Alien', 1979))]);
  const alien = await itemOf('Alien');
  await agent.say([file('x.mkv', movie('Aliens', 1986))]);
  expect(await itemOf('Alien')).toMatchObject({ id: alien.id, deleted_at: NOW });
  const aliens = await itemOf('Aliens');
  expect(aliens.deleted_at).toBeNull();
  expect(await count(`item_alias WHERE item_id = ${alien.id} AND target_id = ${aliens.id}`)).toBe(1);
  expect(await count(`file WHERE item_id = ${aliens.id}`)).toBe(1);
});

it.each([
  ['renamed', [gone('mtrx.mkv'), 'new'], []],
  ['first seen under the new name, then missed under the old', ['new'], [gone('mtrx.mkv')]],
  ['gone for a while, and back under another name', [gone('mtrx.mkv')], ['new']],
] as const)('keeps what people did with a film that is %s', async (how, first, then) => {
  const agent = await agentWith({ films: how });
  const fingerprint = await hex(how);
  const old = file('mtrx.mkv', movie(`mtrx ${how}`), { fingerprint });
  const renamed = file('The Matrix (1999).mkv', movie(`The Matrix ${how}`, 1999), { fingerprint });
  const say = (said: readonly (typeof old | 'new')[]) => agent.say(said.map((one) => (one === 'new' ? renamed : one)));
  await agent.say([old]);
  const before = await itemOf(`mtrx ${how}`);
  await saveProgress(env, 7, before.id, 600_000, 5_400_000, NOW);
  await say(first);
  if (then.length > 0) await say(then);
  const { id } = await itemOf(`The Matrix ${how}`);
  expect(id).not.toBe(before.id);
  expect((await userDataOf(env, 7, [id])).get(id)?.positionMs).toBe(600_000);
  // Once more, and then back to its first name, which is still its own.
  const third = file('m.mkv', movie(`M ${how}`), { fingerprint });
  await agent.say([third, gone('The Matrix (1999).mkv')]);
  const again = await itemOf(`M ${how}`);
  expect((await userDataOf(env, 7, [again.id])).get(again.id)?.positionMs).toBe(600_000);
  await agent.say([gone('m.mkv'), old]);
  expect(await itemOf(`mtrx ${how}`)).toMatchObject({ id: before.id, deleted_at: null });
  expect((await userDataOf(env, 7, [before.id])).get(before.id)?.positionMs).toBe(600_000);
  expect(await count(`item_alias WHERE item_id = ${before.id}`)).toBe(0);
});

it('keeps what people saw of a series whose folder has got another name', async () => {
  const agent = await agentWith({ shows: 'Folders' });
  const named = async (series: string, folder: string) =>
    Promise.all(
      [1, 2].map(async (n) =>
        file(`${folder}/${n}.mkv`, episode(series, 1, n, `${series} ${n}`), { fingerprint: await hex(`folder ${n}`) }),
      ),
    );
  await agent.say(await named('Lst', 'lst'));
  await saveProgress(env, 7, (await itemOf('Lst 2')).id, 600_000, 5_400_000, NOW);
  await agent.say([gone('lst/1.mkv'), gone('lst/2.mkv'), ...(await named('Lost again', 'Lost'))]);
  const second = await itemOf('Lost again 2');
  expect((await userDataOf(env, 7, [second.id])).get(second.id)?.positionMs).toBe(600_000);
});

it('leaves two films of one content what they are while both are there', async () => {
  const agent = await agentWith({ films: 'Twins' });
  const fingerprint = await hex('twins');
  await agent.say([file('a.mkv', movie('Twin A'), { fingerprint }), file('b.mkv', movie('Twin B'), { fingerprint })]);
  expect(await count(`item WHERE title LIKE 'Twin _' AND deleted_at IS NULL`)).toBe(2);
  const other = await agentWith({ films: 'Elsewhere' });
  await other.say([file('c.mkv', movie('Twin C'), { fingerprint })]);
  await other.say([gone('c.mkv')]);
  expect(await count(`item_alias WHERE item_id = ${(await itemOf('Twin C')).id}`)).toBe(0);
});

it('takes over a title that is spelt anew, and sorts by it', async () => {
  const agent = await agentWith({ films: 'Respell' });
  await agent.say([file('x.mkv', movie('wall e', 2008))]);
  await agent.say([file('x.mkv', movie('WALL·E', 2008))]);
  expect(await itemOf('WALL·E')).toMatchObject({ year: 2008, sort_title: 'wall e' });
  expect(await count(`item WHERE title = 'wall e'`)).toBe(0);
});

it('deletes a series with its last episode, and brings it back with the next', async () => {
  const agent = await agentWith({ shows: 'Series' });
  await agent.say([file('1', episode('Lost', 1, 1)), file('2', episode('Lost', 2, 1))]);
  const { id } = await itemOf('Lost');
  await agent.say([gone('2')]);
  expect(await itemOf('Lost')).toMatchObject({ deleted_at: null, episodes: 1 });
  await agent.say([gone('1')]);
  expect(await itemOf('Lost')).toMatchObject({ deleted_at: NOW, episodes: 0 });
  await agent.say([file('3', episode('Lost', 3, 7))]);
  expect(await itemOf('Lost')).toMatchObject({ id, deleted_at: null, episodes: 1 });
});

it('shows pictures of whichever copy has them, those of a series from its episodes', async () => {
  const [poster, thumb, wide] = await Promise.all([hex('poster'), hex('thumb'), hex('wide')]);
  const agent = await agentWith({ films: 'Pictures' });
  const other = await agentWith({ films: 'Pictures' }, 'Cabin');
  await agent.say([
    file('p', movie('Pictured', 1999), { artwork: { thumb } }),
    file('e1', episode('Drawn', 1, 1)),
    file('e2', episode('Drawn', 1, 2), { artwork: { seriesPoster: poster, seriesBackdrop: wide, seasonPoster: wide } }),
  ]);
  await other.say([file('q', movie('Pictured', 1999), { artwork: { poster } })]);
  expect(JSON.parse((await itemOf('Pictured')).images ?? '')).toEqual({ poster, backdrop: null, thumb });
  expect(JSON.parse((await itemOf('Drawn')).images ?? '')).toEqual({ poster, backdrop: wide, thumb: null });
  expect(await count(`image WHERE id = '${poster}'`)).toBe(2);
});

it('keeps a file that cannot be played as a problem, without an item', async () => {
  const agent = await agentWith({ films: 'Problems' });
  await agent.say([file('x.mkv', movie('Torn', 2000))]);
  await agent.say([broken('x.mkv')]);
  expect((await itemOf('Torn')).deleted_at).toBe(NOW);
  expect(await count(`file WHERE agent_id = '${agent.id}' AND problem = 'not-media' AND item_id IS NULL`)).toBe(1);
});

it('writes nothing but the cursor for claims that say nothing new', async () => {
  const agent = await agentWith({ films: 'Unchanged' });
  const films = Array.from({ length: 20 }, (_, i) => file(`u${i}`, movie(`Unchanged ${i}`, 2000 + i)));
  await agent.say(films);
  let written = 0;
  const batch: D1Database['batch'] = async <T>(statements: D1PreparedStatement[]) => {
    const results = await env.DB.batch<T>(statements);
    for (const result of results) written += result.meta.rows_written;
    return results;
  };
  const counting = { prepare: env.DB.prepare.bind(env.DB), batch } as D1Database;
  await applyBatch({ ...env, DB: counting }, agent.id, await agent.batchOf(films), NOW);
  expect(written).toBe(1);
});

it('refuses a batch that was applied already, and says where the agent is', async () => {
  const agent = await agentWith({ films: 'Guard' });
  const first = await agent.batchOf([file('1', movie('Guarded One'))]);
  await agent.send(first);
  const second = await agent.batchOf([file('1', movie('Guarded Two'))]);
  await agent.send(second);
  const refusal = await agent.send(first).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(CursorMismatch);
  expect(refusal).toMatchObject({ code: 'cursor-mismatch', cursor: { epoch: 'epoch-01', revision: 2 } });
  expect((await itemOf('Guarded Two')).deleted_at).toBeNull();
});

it('applies one of two batches that are sent at once from the same cursor', async () => {
  const agent = await agentWith({ films: 'Race' });
  const one = await agent.batchOf([file('1', movie('Racer One'))]);
  const two = await agent.batchOf([file('1', movie('Racer Two'))]);
  const outcomes = await Promise.allSettled([agent.send(one), agent.send(two)]);
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await count(`item WHERE title LIKE 'Racer %'`)).toBe(1);
  const loser = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(loser?.reason).toMatchObject({ cursor: { epoch: 'epoch-01', revision: 1 } });
});

it('lets two agents claim the same films at once', async () => {
  const agents = await Promise.all([agentWith({ r: 'Together' }), agentWith({ r: 'together' }, 'Cabin')]);
  const films = Array.from({ length: 30 }, (_, i) => file(`t${i}`, movie(`Together ${i}`, 1990)));
  await Promise.all(agents.map((agent) => agent.say(films)));
  expect(await count(`library WHERE name = 'Together'`)).toBe(1);
  expect(await count(`item WHERE title LIKE 'Together %'`)).toBe(30);
  expect(await count(`file f JOIN item i ON i.id = f.item_id WHERE i.title LIKE 'Together %'`)).toBe(60);
});

it('keeps an older epoch’s files until the new one is complete', async () => {
  const agent = await agentWith({ films: 'Epochs' });
  await agent.say([file('1', movie('Epoch Stays')), file('2', movie('Epoch Goes'))], { complete: true });
  const { id } = await itemOf('Epoch Stays');
  agent.begin('epoch-02');
  await agent.say([file('3', movie('Epoch New'))]);
  expect((await itemOf('Epoch Goes')).deleted_at).toBeNull();
  await agent.say([file('1', movie('Epoch Stays'))], { complete: true });
  expect((await itemOf('Epoch Goes')).deleted_at).toBe(NOW);
  expect(await itemOf('Epoch Stays')).toMatchObject({ id, deleted_at: null });
  expect((await itemOf('Epoch New')).deleted_at).toBeNull();
});

it('takes a new epoch that is complete in one batch', async () => {
  const agent = await agentWith({ films: 'One batch' });
  await agent.say([file('1', movie('Single Stays')), file('2', movie('Single Goes'))]);
  agent.begin('epoch-02');
  await agent.say([file('1', movie('Single Stays'))], { complete: true });
  expect((await itemOf('Single Goes')).deleted_at).toBe(NOW);
  expect((await itemOf('Single Stays')).deleted_at).toBeNull();
});

it('takes a complete epoch without any file', async () => {
  const agent = await agentWith({ films: 'Emptied' });
  await agent.say([file('1', movie('Emptied'))]);
  agent.begin('epoch-02');
  await agent.say([], { complete: true });
  expect((await itemOf('Emptied')).deleted_at).toBe(NOW);
});

it('never goes back to an epoch that was left', async () => {
  const agent = await agentWith({ films: 'Late' });
  const late = await agent.batchOf([file('1', movie('Late Old'))]);
  await agent.send(late);
  agent.begin('epoch-02');
  await agent.say([file('1', movie('Late New'))]);
  await expect(agent.send(late)).rejects.toMatchObject({ cursor: { epoch: 'epoch-02', revision: 1 } });
  expect((await itemOf('Late Old')).deleted_at).toBe(NOW);
});

it('answers the cursor to an empty batch, also of an epoch that is to begin', async () => {
  const agent = await agentWith({ films: 'Ask' });
  expect((await agent.say([])).cursor).toEqual({ epoch: 'epoch-01', revision: 0 });
  await agent.say([file('1', movie('Asked'))]);
  agent.cursor.revision = 0;
  await expect(agent.say([])).rejects.toMatchObject({ cursor: { epoch: 'epoch-01', revision: 1 } });
});

it('refuses claims in a root that the agent did not announce, as a whole', async () => {
  const agent = await agentWith({ films: 'Strict' });
  await agentWith({ theirs: 'Strict' });
  const said = [file('1', movie('Strict One')), file('2', movie('Strict Two'), { root: 'theirs' })];
  await expect(agent.say(said)).rejects.toMatchObject({ code: 'bad-request' });
  expect(await count(`item WHERE title LIKE 'Strict %'`)).toBe(0);
  expect((await agent.say([])).cursor.revision).toBe(0);
});

it('refuses a batch with two claims of one file, or revisions outside it', async () => {
  const agent = await agentWith({ films: 'Orderly' });
  await expect(agent.say([file('1', movie('A')), file('1', movie('B'))])).rejects.toMatchObject({
    code: 'bad-request',
  });
  const batch = await agent.batchOf([file('1', movie('A'))]);
  await expect(agent.send({ ...batch, toRevision: 0 })).rejects.toMatchObject({ code: 'bad-request' });
});

it('refuses batches of an agent that was removed', async () => {
  const agent = await agentWith({ films: 'Removed' });
  await env.DB.prepare('UPDATE agent SET removed_at = 1 WHERE id = ?1').bind(agent.id).run();
  await expect(agent.say([file('1', movie('Removed'))])).rejects.toMatchObject({ code: 'forbidden' });
});

it('takes a batch whose claims are together larger than one value may be', async () => {
  const agent = await agentWith({ films: 'Large' });
  const chapters = Array.from({ length: 400 }, (_, i) => ({ startMs: i * 1000, title: 'x'.repeat(400) }));
  const media = { ...MEDIA, chapters };
  await agent.say(Array.from({ length: 15 }, (_, i) => file(`l${i}`, movie(`Large ${i}`), { media })));
  expect(await count(`file f JOIN item i ON i.id = f.item_id WHERE i.title LIKE 'Large %'`)).toBe(15);
});

it('counts in each library what its grid has', async () => {
  const shown = await env.DB.prepare(
    `SELECT l.id FROM library l WHERE l.items <> (SELECT count(*) FROM library_item li WHERE li.library_id = l.id)`,
  ).all();
  expect(shown.results).toEqual([]);
});
