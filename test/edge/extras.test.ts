import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { saveProgress } from '../../edge/db/user-items.ts';
import { Home, ItemDetail, ItemPage, SearchAnswer } from '../../shared/api/items.ts';
import { Libraries } from '../../shared/api/libraries.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, count, episode, file, gone, hex, itemOf, movie, NOW } from './catalog-world.ts';

const viewer = await callerOf('member');
const detail = (id: number | string) => viewer.get(`/items/${id}`, ItemDetail);
const trailer = { kind: 'trailer', title: null } as const;

it('shows what comes along with a film on its page, and nowhere else', async () => {
  const agent = await agentWith({ films: 'Extras' });
  const metadata = { genres: ['Heist'], externalIds: { tmdb: '949' } };
  const film = movie('Heat with extras', 1995);
  await agent.say([
    file('heat-making.mkv', film, { metadata, extra: { kind: 'behindthescenes', title: 'Making of Heat' } }),
    file('heat.mkv', film, { metadata }),
    file('heat-trailer.mkv', film, { metadata, extra: trailer }),
  ]);
  const { id } = await itemOf('Heat with extras');
  const { extras, copies, genres } = await detail(id);
  expect(extras.map(({ title, extra, kind }) => [title, extra, kind])).toEqual([
    ['Trailer', 'trailer', 'video'],
    ['Making of Heat', 'behindthescenes', 'video'],
  ]);
  expect([copies.length, genres.map(({ name }) => name)]).toEqual([1, ['Heist']]);
  const own = await detail(extras[0]?.id ?? '');
  expect(own).toMatchObject({ series: { title: 'Heat with extras' }, copies: [{}], genres: [] });

  const { items } = await viewer.get('/libraries', Libraries);
  const library = items.find(({ name }) => name === 'Extras');
  expect(library?.items).toBe(1);
  const grid = await viewer.get(`/libraries/${library?.id}/items`, ItemPage);
  expect(grid.items.map(({ title }) => title)).toEqual(['Heat with extras']);
  expect((await viewer.get('/search?q=making', SearchAnswer)).items).toEqual([]);
  expect(await count(`facet WHERE name = 'Heist' AND items = 1`)).toBe(1);
  await saveProgress(env, viewer.principal.userId, Number(extras[0]?.id), 60_000, 5_400_000, NOW);
  expect((await viewer.get('/home', Home)).continueWatching).toEqual([]);
  // Who saw the trailer has not seen the film, and its plays are not the film's.
  await saveProgress(env, viewer.principal.userId, Number(extras[0]?.id), 5_400_000, 5_400_000, NOW + 1);
  expect((await detail(id)).user.played).toBe(false);
  expect(await count(`watch_count WHERE kind = 'item' AND ref_id IN (${id}, ${extras[0]?.id})`)).toBe(0);
});

it('shows what comes along with a series on the series’ page, beside its seasons', async () => {
  const agent = await agentWith({ shows: 'Series extras' });
  await agent.say([
    file('1.mkv', episode('Dark with extras', 1, 1)),
    file('gag.mkv', episode('Dark with extras', 1, 1), { extra: { kind: 'other', title: 'Gag reel' } }),
  ]);
  const series = await itemOf('Dark with extras');
  expect(series).toMatchObject({ kind: 'series', episodes: 1 });
  expect((await detail(series.id)).extras.map(({ title }) => title)).toEqual(['Gag reel']);
  const children = await viewer.get(`/items/${series.id}/children`, ItemPage);
  expect(children.items.map(({ title }) => title)).toEqual(['Season 1']);
});

it('hides an extra with its title, from whoever may not see it and once its files are gone', async () => {
  const agent = await agentWith({ films: 'Hidden extras' });
  const film = movie('Adults and extras', 2001);
  const metadata = { certification: 'DE:FSK 18' };
  await agent.say([file('a.mkv', film, { metadata }), file('a-trailer.mkv', film, { metadata, extra: trailer })]);
  const { id } = await itemOf('Adults and extras');
  const [extra] = (await detail(id)).extras;
  const child = await callerOf('child');
  await env.DB.prepare('INSERT INTO user_restriction (user_id, lib_mask, max_age) VALUES (?1, NULL, 12)')
    .bind(child.principal.userId)
    .run();
  expect((await child.call('GET', `/items/${id}`)).status).toBe(404);
  expect((await child.call('GET', `/items/${extra?.id}`)).status).toBe(404);
  await agent.say([gone('a-trailer.mkv')]);
  expect((await detail(id)).extras).toEqual([]);
  await agent.say([file('a-trailer.mkv', film, { metadata, extra: trailer })]);
  expect((await detail(id)).extras.map((one) => one.id)).toEqual([extra?.id]);
});

it('makes no title of an extra whose film is not there, and gives it to the film that comes', async () => {
  const agent = await agentWith({ films: 'Only extras' });
  const film = movie('Film to come', 2030);
  await agent.say([file('soon-trailer.mkv', film, { extra: trailer })]);
  expect((await itemOf('Film to come')).deleted_at).toBe(NOW);
  const { items } = await viewer.get('/libraries', Libraries);
  expect(items.find(({ name }) => name === 'Only extras')?.items).toBe(0);
  await agent.say([file('soon.mkv', film)]);
  const { id, deleted_at } = await itemOf('Film to come');
  expect(deleted_at).toBeNull();
  expect((await detail(id)).extras).toHaveLength(1);
});

it('shows the drawn title of a film and of a series', async () => {
  const [logo, other] = await Promise.all([hex('logo'), hex('other logo')]);
  const agent = await agentWith({ films: 'Drawn titles' });
  await agent.say([
    file('l.mkv', movie('Film with a logo', 2004), { artwork: { logo } }),
    file('e.mkv', episode('Series with a logo', 1, 1), { artwork: { seriesLogo: other } }),
    file('n.mkv', movie('Film without a logo', 2004)),
  ]);
  const logoOf = async (title: string) => (await detail((await itemOf(title)).id)).logo;
  expect(await logoOf('Film with a logo')).toContain('/images/');
  expect(await logoOf('Series with a logo')).toContain('/images/');
  expect(await logoOf('Film without a logo')).toBeNull();
});
