import { mkdir, rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DISK } from '../../agent/library/scan/file-system.ts';
import type { Claim } from '../../shared/protocol/sync.ts';
import { MediaTree } from './media-tree.ts';
import { TestRoot } from './scanning.ts';

let tree: MediaTree;
let count = 0;

beforeAll(async () => {
  tree = await MediaTree.make();
});
afterAll(() => tree[Symbol.asyncDispose]());

async function newRoot(library = 'Films'): Promise<{ path: string; root: TestRoot }> {
  const path = `case-${++count}`;
  await mkdir(tree.at(path));
  return { path, root: new TestRoot(tree.at(path), tree.at(`index-${count}.sqlite`), library) };
}

type Present = Extract<Claim, { state: 'present' }>;

/** By path: what it is an extra of, its kind and its title; what is no extra is left out. */
function extras(root: TestRoot): Record<string, string> {
  const present = root.claims().filter((claim): claim is Present => claim.state === 'present' && !!claim.extra);
  const entries = present.map(({ path, work, extra }) => {
    const of = work.kind === 'episode' ? work.series : work.title;
    return [path, `${of}: ${extra?.kind}${extra?.title ? ` “${extra.title}”` : ''}`];
  });
  return Object.fromEntries(entries.sort());
}

test('trailers, scenes and what else comes along are extras of their film, under its name and ids', async () => {
  const { path, root } = await newRoot();
  const film = `${path}/Film (2020)`;
  await tree.put(`${film}/Film (2020).mp4`, { mark: 'film' });
  await tree.put(`${film}/Film (2020)-trailer.mp4`, { mark: 'trailer' });
  await tree.put(`${film}/Film (2020)-sample.mp4`, { mark: 'sample' });
  await tree.put(`${film}/Samples/cut.mp4`, { mark: 'cut' });
  await tree.put(`${film}/Deleted Scenes/The.Long.Goodbye.mp4`, { mark: 'deleted' });
  await tree.put(`${film}/Behind the Scenes/Making of.mp4`, { mark: 'making' });
  await tree.put(`${film}/movie.nfo`, '<movie><title>Der Film</title><year>2020</year><tmdbid>603</tmdbid></movie>');
  await root.scan();
  expect(extras(root)).toEqual({
    'Film (2020)/Behind the Scenes/Making of.mp4': 'Der Film: behindthescenes “Making of”',
    'Film (2020)/Deleted Scenes/The.Long.Goodbye.mp4': 'Der Film: deleted “The Long Goodbye”',
    'Film (2020)/Film (2020)-trailer.mp4': 'Der Film: trailer',
  });
  expect(Object.keys(root.said())).toHaveLength(4);
  expect(await root.scan()).toMatchObject({ probed: 0, looked: 0, whole: true });
  await rm(tree.at(`${film}/Deleted Scenes`), { recursive: true });
  expect(await root.scan()).toMatchObject({ removed: 1 });
  root[Symbol.dispose]();
});

test('what comes along with a series, or with a season of it, is the series’', async () => {
  const { path, root } = await newRoot();
  const show = `${path}/Show (2005)`;
  await tree.put(`${show}/Season 01/Show S01E01.mp4`, { mark: '1' });
  await tree.put(`${show}/Season 01/Show S01E02.mp4`, { mark: '2' });
  await tree.put(`${show}/Season 01/Extras/Gag reel.mp4`, { mark: 'gag' });
  await tree.put(`${show}/trailers/Teaser.mp4`, { mark: 'teaser' });
  await tree.put(`${show}/tvshow.nfo`, '<tvshow><title>The Show</title></tvshow>');
  await root.scan();
  expect(extras(root)).toEqual({
    'Show (2005)/Season 01/Extras/Gag reel.mp4': 'The Show: other “Gag reel”',
    'Show (2005)/trailers/Teaser.mp4': 'The Show: trailer “Teaser”',
  });
  root[Symbol.dispose]();
});

test('among home videos nothing is an extra, and nothing is left out', async () => {
  const { path, root } = await newRoot('Home videos');
  await tree.put(`${path}/Holiday/Beach.mp4`, { mark: 'beach' });
  await tree.put(`${path}/Holiday/Clips/First swim.mp4`, { mark: 'swim' });
  await tree.put(`${path}/Birthday/Shorts/Cake.mp4`, { mark: 'cake' });
  await tree.put(`${path}/Holiday/Beach-clip.mp4`, { mark: 'clip' });
  await root.scan();
  expect(extras(root)).toEqual({});
  const titles = root
    .claims()
    .map((claim) => (claim.state === 'present' ? `${claim.work.kind} ${claim.work.title}` : ''));
  expect(titles.sort()).toEqual(['video Beach', 'video Beach-clip', 'video Cake', 'video First swim']);
  expect(await root.scan()).toMatchObject({ probed: 0, looked: 0, whole: true });
  root[Symbol.dispose]();
});

test('among several films an extra is of the one that it is named after, and of none where it is not', async () => {
  const { path, root } = await newRoot();
  for (const name of ['Alien (1979)', 'Aliens (1986)', 'Aliens (1986)-trailer', 'Aliens (1986)-trailer2', 'Other-clip'])
    await tree.put(`${path}/Films/${name}.mp4`, { mark: name });
  await tree.put(`${path}/Films/trailers/Some trailer.mp4`, { mark: 'some' });
  await tree.put(`${path}/Extras/Extras S01E01.mp4`, { mark: 'series' });
  await root.scan();
  expect(extras(root)).toEqual({
    'Films/Aliens (1986)-trailer.mp4': 'Aliens: trailer',
    'Films/Aliens (1986)-trailer2.mp4': 'Aliens: trailer',
  });
  expect(Object.values(root.said())).toContain('Extras 1x1');
  root[Symbol.dispose]();
});

test('extras in a folder that cannot be read any more stay', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/Film (2020)/Film (2020).mp4`, { mark: 'f' });
  await tree.put(`${path}/Film (2020)/Extras/Making of.mp4`, { mark: 'm' });
  await root.scan();
  const folder = tree.at(`${path}/Film (2020)/Extras`);
  const disk = refusing(folder);
  expect(await root.scan({ disk })).toMatchObject({ removed: 0, whole: false });
  expect(Object.keys(extras(root))).toEqual(['Film (2020)/Extras/Making of.mp4']);
  // What goes is the folder's own problem.
  expect(await root.scan()).toMatchObject({ removed: 1, whole: true });
  expect(Object.keys(root.said())).toHaveLength(2);
  root[Symbol.dispose]();
});

/** The disk, but for one folder: to root every folder is readable. */
function refusing(folder: string) {
  return {
    ...DISK,
    list(path: string) {
      if (path === folder) throw Object.assign(new Error('refused'), { code: 'EACCES' });
      return DISK.list(path);
    },
  };
}
