import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { mergeItems } from '../../edge/db/merges.ts';
import { saveProgress, setFavorite, setPlayed, userDataOf } from '../../edge/db/user-items.ts';
import { Home, ItemDetail, ItemPage, UserData } from '../../shared/api/items.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, count, episode, file, gone, itemOf, movie, NOW } from './catalog-world.ts';

const LENGTH = 5_400_000;

it('keeps where a person is, and marks as played near the end', async () => {
  const agent = await agentWith({ films: 'Progress' });
  await agent.say([file('a', movie('Progressing'))]);
  const { id } = await itemOf('Progressing');
  const at = async () => (await userDataOf(env, 1, [id])).get(id);
  await saveProgress(env, 1, id, 30_000, LENGTH, NOW);
  expect(await at()).toBeUndefined();
  await saveProgress(env, 1, id, 61_000.4, LENGTH, NOW);
  expect(await at()).toEqual({ positionMs: 61_000, played: false, favorite: false, rating: null });
  await saveProgress(env, 1, id, 10_000, LENGTH, NOW);
  expect((await at())?.positionMs).toBe(0);
  await saveProgress(env, 1, id, LENGTH * 0.95, LENGTH, NOW);
  await saveProgress(env, 1, id, LENGTH * 0.97, LENGTH, NOW + 1);
  expect(await at()).toEqual({ positionMs: 0, played: true, favorite: false, rating: null });
  expect(await count(`user_item WHERE user_id = 1 AND item_id = ${id} AND plays = 1`)).toBe(1);
  expect(await userDataOf(env, 2, [id])).toEqual(new Map());
});

it('keeps early positions of a short item', async () => {
  await saveProgress(env, 1, 4711, 20_000, 300_000, NOW);
  expect((await userDataOf(env, 1, [4711])).get(4711)?.positionMs).toBe(20_000);
});

it('marks a film as played and as a favorite, for one person alone', async () => {
  const [one, other] = [await callerOf('member'), await callerOf('child')];
  const agent = await agentWith({ films: 'Marks' });
  await agent.say([file('a', movie('Marked'))]);
  const { id } = await itemOf('Marked');
  const played = await one.call('PUT', `/items/${id}/played`, { played: true });
  expect(UserData.parse(await played.json())).toEqual({ positionMs: 0, played: true, favorite: false, rating: null });
  const favorite = await one.call('PUT', `/items/${id}/favorite`, { favorite: true });
  expect(UserData.parse(await favorite.json())).toEqual({ positionMs: 0, played: true, favorite: true, rating: null });
  await one.call('PUT', `/items/${id}/played`, { played: false });
  expect((await one.get(`/items/${id}`, ItemDetail)).user).toEqual({
    positionMs: 0,
    played: false,
    favorite: true,
    rating: null,
  });
  expect((await other.get(`/items/${id}`, ItemDetail)).user.favorite).toBe(false);
});

it('refuses marks on what is not there, and bodies without one', async () => {
  const person = await callerOf('member');
  expect((await person.call('PUT', '/items/999999/played', { played: true })).status).toBe(404);
  expect((await person.call('PUT', '/items/999999/favorite', { favorite: true })).status).toBe(404);
  expect((await person.call('PUT', '/items/1/played', { played: 'yes' })).status).toBe(400);
});

it('marks all episodes with their series or season, and counts them back up', async () => {
  const person = await callerOf('member');
  const { userId } = person.principal;
  const agent = await agentWith({ shows: 'Cascade' });
  await agent.say([
    file('1', episode('Cascade', 1, 1, 'Cascade one')),
    file('2', episode('Cascade', 1, 2, 'Cascade two')),
    file('3', episode('Cascade', 2, 1, 'Cascade three')),
  ]);
  const series = await itemOf('Cascade');
  const played = async (id: number | string) => (await person.get(`/items/${id}`, ItemDetail)).user.played;
  const { items: seasons } = await person.get(`/items/${series.id}/children`, ItemPage);
  const [first, second] = seasons.map((season) => season.id) as [string, string];

  await person.call('PUT', `/items/${first}/played`, { played: true });
  expect(await played((await itemOf('Cascade two')).id)).toBe(true);
  expect([await played(first), await played(second), await played(series.id)]).toEqual([true, false, false]);
  expect((await person.get(`/items/${series.id}`, ItemDetail)).next?.title).toBe('Cascade three');

  await saveProgress(env, userId, (await itemOf('Cascade three')).id, LENGTH, LENGTH, NOW);
  expect(await played(series.id)).toBe(true);
  expect((await person.get('/home', Home)).nextUp).toEqual([]);

  // One more episode comes: the series is no longer seen to its end.
  await agent.say([file('4', episode('Cascade', 2, 2, 'Cascade four'))]);
  expect([await played(second), await played(series.id)]).toEqual([false, false]);
  expect((await person.get('/home', Home)).nextUp.map((card) => card.title)).toEqual(['Cascade four']);

  await setPlayed(env, userId, series.id, false, NOW);
  expect([await played(first), await played((await itemOf('Cascade one')).id)]).toEqual([false, false]);
});

it('no longer counts a played episode that is gone', async () => {
  const person = await callerOf('member');
  const agent = await agentWith({ shows: 'Gone' });
  await agent.say([
    file('1', episode('Gone show', 1, 1, 'Gone one')),
    file('2', episode('Gone show', 1, 2, 'Gone two')),
  ]);
  const series = await itemOf('Gone show');
  await person.call('PUT', `/items/${series.id}/played`, { played: true });
  await agent.say([gone('1'), file('3', episode('Gone show', 1, 3, 'Gone three'))]);
  expect((await person.get(`/items/${series.id}`, ItemDetail)).user.played).toBe(false);
});

it('goes on where a person was under another id of a title that was merged', async () => {
  const agent = await agentWith({ films: 'Merged Films' });
  await agent.say([file('a', movie('Resume One', 2000)), file('b', movie('Resume Two', 2000))]);
  const [one, two] = [await itemOf('Resume One'), await itemOf('Resume Two')];
  const { userId } = (await callerOf('member')).principal;
  await saveProgress(env, userId, one.id, 600_000, 5_400_000, NOW);
  await setFavorite(env, userId, two.id, true, NOW - 5);
  await mergeItems(env.DB, one.id, two.id, true, NOW);
  expect((await userDataOf(env, userId, [two.id])).get(two.id)).toEqual({
    ...{ positionMs: 600_000, played: false, favorite: true, rating: null },
  });
});
