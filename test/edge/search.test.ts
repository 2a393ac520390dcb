import { expect, it } from 'vitest';
import { ItemPage } from '../../shared/api/items.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, episode, file, gone, movie } from './catalog-world.ts';

const viewer = await callerOf('child');
const agent = await agentWith({ films: 'Search', shows: 'Search Shows' });
const titles = [
  'Amélie',
  'The Matrix',
  'The Matrix Reloaded',
  'Enter the Matrix',
  'Æon Flux',
  '東京物語',
  'Léon: The Professional',
];
await agent.say([
  ...titles.map((title) => file(title, movie(title))),
  file('s', episode('Matrix Diaries', 1, 1, 'Inside the Matrix'), { root: 'shows' }),
  file('s2', episode('Matrix Diaries', 1, 2), { root: 'shows' }),
  file('or', movie('Near and Far OR Not')),
]);

const found = async (q: string, more = ''): Promise<string[]> => {
  const page = await viewer.get(`/search?q=${encodeURIComponent(q)}${more}`, ItemPage);
  return page.items.map((item) => item.title);
};

it('finds titles by the beginnings of their words, with or without diacritics and case', async () => {
  expect(await found('amel')).toEqual(['Amélie']);
  expect(await found('AMÉLIE')).toEqual(['Amélie']);
  expect(await found('prof leo')).toEqual(['Léon: The Professional']);
  expect(await found('東京')).toEqual(['東京物語']);
  expect(await found('xyzzy')).toEqual([]);
});

it('shows the title itself first, then those that begin with it, and episodes last', async () => {
  expect(await found('the matrix')).toEqual([
    'The Matrix',
    'The Matrix Reloaded',
    'Enter the Matrix',
    'Inside the Matrix',
  ]);
  expect(await found('matrix')).toEqual([
    'The Matrix',
    'Matrix Diaries',
    'The Matrix Reloaded',
    'Enter the Matrix',
    'Inside the Matrix',
  ]);
});

it('takes quotes, operators and signs as text', async () => {
  expect(await found('"matrix" reloaded')).toEqual(['The Matrix Reloaded']);
  expect(await found('matrix* NEAR(reloaded)')).toEqual([]);
  expect(await found('near OR not')).toEqual(['Near and Far OR Not']);
  expect(await found('title:matrix')).toEqual([]);
  expect(await found("'; DROP TABLE item; --")).toEqual([]);
  for (const q of ['"', '***', '🎬', '()', '-', '\u0000', '^a^', '{}', 'a\ud800b']) {
    expect((await viewer.call('GET', `/search?q=${encodeURIComponent(q.toWellFormed())}`)).status).toBe(200);
  }
});

it('refuses an empty or endless query', async () => {
  expect((await viewer.call('GET', '/search?q=%20')).status).toBe(400);
  expect((await viewer.call('GET', '/search')).status).toBe(400);
  expect((await viewer.call('GET', `/search?q=${'a'.repeat(201)}`)).status).toBe(400);
});

it('pages through the hits', async () => {
  const first = await viewer.get('/search?q=matrix&limit=2', ItemPage);
  expect(first.items.map((item) => item.title)).toEqual(['The Matrix', 'Matrix Diaries']);
  expect(await found('matrix', `&limit=2&cursor=${first.next}`)).toEqual(['The Matrix Reloaded', 'Enter the Matrix']);
});

it('no longer finds what is gone, nor a title that was changed', async () => {
  await agent.say([file('tmp', movie('Ephemeral')), file('tmp2', movie('Misspeled'))]);
  expect(await found('ephemeral')).toEqual(['Ephemeral']);
  await agent.say([gone('tmp'), file('tmp2', movie('Misspelled'))]);
  expect(await found('ephemeral')).toEqual([]);
  expect(await found('misspel')).toEqual(['Misspelled']);
});
