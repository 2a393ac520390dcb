import { link, mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLibrary } from '../../agent/library/library.ts';
import { identifyRoots } from '../../agent/library/roots.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import { binaries, MediaTree, SILENT } from './media-tree.ts';
import { TestRoot } from './scanning.ts';

let tree: MediaTree;
let count = 0;

beforeAll(async () => {
  tree = await MediaTree.make();
});
afterAll(() => tree[Symbol.asyncDispose]());

async function newRoot(): Promise<{ path: string; root: TestRoot }> {
  const path = `case-${++count}`;
  await mkdir(tree.at(path));
  return { path, root: new TestRoot(tree.at(path), tree.at(`index-${count}.sqlite`)) };
}

test('a second scan of an unchanged tree probes nothing and writes nothing', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/A (2020)/A (2020).mp4`, { mark: 'a' });
  await tree.put(`${path}/A (2020)/poster.jpg`, 'jpeg');
  await tree.put(`${path}/Zero.mkv`, '');
  await tree.put(`${path}/B (2020).mp4`, { mark: 'b' });
  expect(await root.scan()).toMatchObject({ probed: 3, removed: 0, whole: true });
  const revision = root.index.revision;

  expect(await root.scan()).toMatchObject({ probed: 0, removed: 0 });
  expect(root.index.revision).toBe(revision);
  root[Symbol.dispose]();
});

test('samples, hidden and system folders are passed over, and folders with a mark', async () => {
  const { path, root } = await newRoot();
  for (const [i, file] of [
    'Film (2020)/Film (2020).mp4',
    'Film (2020)/film-sample.mp4',
    'Film (2020)/Samples/Making of.mp4',
    'Film (2020)/@eaDir/x.mp4',
    '.hidden/x.mp4',
    '._Film.mp4',
    'Ignored/x.mp4',
    'Ignored/Deep/x.mp4',
    'No media/x.mp4',
    'Extras/Season 01/Extras S01E01.mp4',
  ].entries()) {
    await tree.put(`${path}/${file}`, { mark: String(i) });
  }
  await tree.put(`${path}/Ignored/.ignore`, '');
  await tree.put(`${path}/No media/.nomedia`, '');

  await root.scan();

  expect(root.said()).toEqual({
    'Film (2020)/Film (2020).mp4': 'Film',
    'Extras/Season 01/Extras S01E01.mp4': 'Extras 1x1',
  });
  root[Symbol.dispose]();
});

test('a renamed file is told as gone and present, keeps its fingerprint, and is not probed again', async () => {
  const { path, root } = await newRoot();
  const file = await tree.put(`${path}/Old name (2020).mp4`);
  await root.scan();
  const [before] = root.claims();
  await mkdir(tree.at(`${path}/Moved`));
  await rename(file, tree.at(`${path}/Moved/New name (2021).mp4`));

  // A program that fails stands in for ffprobe: what it would say of this file would show.
  await root.scan({ ffprobe: process.execPath });

  const claims = root.claims();
  expect(claims.map((claim) => claim.state)).toEqual(['present', 'gone']);
  const [after, gone] = claims;
  expect(after?.state === 'present' && after.work).toEqual({ kind: 'movie', title: 'New name', year: 2021 });
  expect(after?.state === 'present' && after.fingerprint).toBe(before?.state === 'present' && before.fingerprint);
  expect(gone?.pathHash).toBe(before?.pathHash);
  root[Symbol.dispose]();
});

test('a file that comes back is present again without being probed', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/Stays (2020).mp4`, { mark: 's' });
  const file = await tree.put(`${path}/Travels (2020).mp4`);
  await root.scan();
  await rename(file, tree.at(`away-${count}`));
  await root.scan();
  expect(root.said()).toEqual({ 'Stays (2020).mp4': 'Stays' });
  await rename(tree.at(`away-${count}`), file);

  expect(await root.scan()).toMatchObject({ probed: 0 });
  expect(root.said()).toEqual({ 'Stays (2020).mp4': 'Stays', 'Travels (2020).mp4': 'Travels' });
  root[Symbol.dispose]();
});

test('a file with new content gets a new fingerprint and a later revision', async () => {
  const { path, root } = await newRoot();
  const file = await tree.put(`${path}/Film (2020).mp4`, { mark: 'one' });
  await root.scan();
  const [first] = root.claims();
  await tree.put(`${path}/Film (2020).mp4`, { mark: 'two' });
  await utimes(file, new Date('2024-06-01'), new Date('2024-06-01'));
  await root.scan();
  const [second] = root.claims();
  expect(second?.pathHash).toBe(first?.pathHash);
  expect(second?.state === 'present' && second.fingerprint).not.toBe(first?.state === 'present' && first.fingerprint);
  expect(second?.rev).toBeGreaterThan(first?.rev ?? 0);
  root[Symbol.dispose]();
});

test('pictures and subtitles that appear beside a film are told without reading the film again', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/Film (2020)/Film (2020).mp4`);
  await root.scan();
  await tree.put(`${path}/Film (2020)/poster.jpg`, 'a poster');
  await tree.put(`${path}/Film (2020)/Film (2020).en.forced.srt`, '1\n00:00:00,000 --> 00:00:01,000\nHi\n');

  expect(await root.scan()).toMatchObject({ probed: 0 });
  const [claim] = root.claims();
  if (claim?.state !== 'present') throw new Error('not present');
  expect(Object.keys(claim.artwork).sort()).toEqual(['poster', 'thumb']);
  expect(claim.media.subtitles).toMatchObject([
    { index: 1000, codec: 'subrip', language: 'en', forced: true, external: true },
  ]);
  root[Symbol.dispose]();
});

test('a film with two names on one disk is two copies of one content, read once', async () => {
  const { path, root } = await newRoot();
  const file = await tree.put(`${path}/A (2020)/A (2020).mp4`);
  await mkdir(tree.at(`${path}/B`));
  await link(file, tree.at(`${path}/B/Another name (2020).mp4`));
  let read = 0;
  await root.scan({ onContent: () => read++ });
  const claims = root.claims();
  expect(claims.map((claim) => claim.state)).toEqual(['present', 'present']);
  expect(new Set(claims.map((claim) => claim.state === 'present' && claim.fingerprint)).size).toBe(1);
  expect(read).toBe(1);
  root[Symbol.dispose]();
});

test('a folder is passed over while it is unchanged, and looked at again when anything in or beside it changes', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/Show/Season 01/Show S01E01.mp4`, { mark: '1' });
  await tree.put(`${path}/Other (2020)/Other (2020).mp4`, { mark: '2' });
  const looked: string[] = [];
  const scan = async () => {
    looked.length = 0;
    await root.scan({ onFolder: (folder) => folder.state === 'changed' && looked.push(folder.dir) });
    return looked.sort();
  };
  expect(await scan()).toEqual(['', 'Other (2020)', 'Show', 'Show/Season 01']);
  expect(await scan()).toEqual([]);
  await tree.put(`${path}/Show/tvshow.nfo`, '<tvshow><title>The Show</title></tvshow>');
  expect(await scan()).toEqual(['Show', 'Show/Season 01']);
  expect(Object.values(root.said())).toContain('The Show 1x1');
  await tree.put(`${path}/Other (2020)/Other (2020).en.srt`, '1\n00:00:00,000 --> 00:00:01,000\nHi\n');
  expect(await scan()).toEqual(['Other (2020)']);
  root.root.library = 'Elsewhere';
  expect(await scan()).toEqual(['', 'Other (2020)', 'Show', 'Show/Season 01']);
  root[Symbol.dispose]();
});

test('a loss that is held back is still known after scans that find nothing new', async () => {
  const { path, root } = await newRoot();
  for (let i = 0; i < 60; i++) await tree.put(`${path}/Lost/Film ${i}.mkv`, '');
  await tree.put(`${path}/Lost/Kept (2020).mp4`);
  await root.scan();
  for (let i = 0; i < 60; i++) await rm(tree.at(`${path}/Lost/Film ${i}.mkv`));
  for (let i = 0; i < 3; i++) expect(await root.scan()).toMatchObject({ held: 60, removed: 0 });
  expect(await root.scan({ acceptDeletions: true })).toMatchObject({ removed: 60 });
  expect(await root.scan()).toMatchObject({ held: 0, removed: 0, whole: true });
  root[Symbol.dispose]();
});

test('sidecar files and ids in names are told with the film, its series and its season', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/Some Film {tmdb-603}/Some Film.mp4`, { mark: 'm' });
  await tree.put(
    `${path}/Some Film {tmdb-603}/movie.nfo`,
    '<movie><title>Der Film</title><year>1999</year><genre>Drama</genre></movie>',
  );
  await tree.put(
    `${path}/Show (2005) [tvdbid-81189]/tvshow.nfo`,
    '<tvshow><title>The Show</title><plot>About.</plot></tvshow>',
  );
  await tree.put(`${path}/Show (2005) [tvdbid-81189]/Season 01/season.nfo`, '<season><plot>The first.</plot></season>');
  await tree.put(`${path}/Show (2005) [tvdbid-81189]/Season 01/Show S01E02.mp4`, { mark: 'e' });
  await tree.put(
    `${path}/Show (2005) [tvdbid-81189]/Season 01/Show S01E02.nfo`,
    '<episodedetails><title>Two</title><season>1</season><episode>2</episode><director>D</director></episodedetails>',
  );
  await root.scan();
  const claims = root.claims().flatMap((claim) => (claim.state === 'present' ? [claim] : []));
  const film = claims.find(({ work }) => work.kind === 'movie');
  expect(film?.work).toEqual({ kind: 'movie', title: 'Der Film', year: 1999 });
  expect(film?.metadata).toEqual({ externalIds: { tmdb: '603' }, genres: ['Drama'] });
  const episode = claims.find(({ work }) => work.kind === 'episode');
  expect(episode?.work).toMatchObject({ series: 'The Show', season: 1, episode: 2, title: 'Two' });
  expect(episode?.metadata).toEqual({ people: [{ name: 'D', role: 'director' }] });
  expect(episode?.seriesMetadata).toEqual({ externalIds: { tvdb: '81189' }, overview: 'About.' });
  expect(episode?.seasonMetadata).toEqual({ overview: 'The first.' });
  root[Symbol.dispose]();
});

test('a broken sidecar file is a listed problem until it is mended, and its film is there all the while', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/Film (2020).mp4`);
  await tree.put(`${path}/Film (2020).nfo`, '<movie><title>Film</titel></movie>');
  const broken = { 'Film (2020).mp4': 'Film', 'Film (2020).nfo': '!bad-sidecar' };
  await root.scan();
  expect(root.said()).toEqual(broken);
  const { revision } = root.index;
  await tree.put(`${path}/poster.jpg`, 'makes the folder a changed one');
  await root.scan();
  expect(root.said()).toEqual(broken);
  expect(root.index.revision).toBe(revision);
  await tree.put(`${path}/Film (2020).nfo`, '<movie><title>Mended</title></movie>');
  await root.scan();
  expect(root.said()).toEqual({ 'Film (2020).mp4': 'Mended' });
  root[Symbol.dispose]();
});

test('episodes carry the pictures of their series and season', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/Show (2005)/Season 01/Show - S01E01.mp4`);
  await tree.put(`${path}/Show (2005)/poster.jpg`, 'series');
  await tree.put(`${path}/Show (2005)/fanart.jpg`, 'backdrop');
  await tree.put(`${path}/Show (2005)/season01-poster.jpg`, 'season');
  await root.scan();
  const [claim] = root.claims();
  if (claim?.state !== 'present') throw new Error('not present');
  expect(Object.keys(claim.artwork).sort()).toEqual(['seasonPoster', 'seriesBackdrop', 'seriesPoster', 'thumb']);
  expect(new Set(Object.values(claim.artwork)).size).toBe(4);
  root[Symbol.dispose]();
});

test('a root in which nothing is left is an outage: nothing is removed until a person says so', async () => {
  const { path, root } = await newRoot();
  for (const name of ['A', 'B', 'C']) await tree.put(`${path}/${name} (2020).mp4`, { mark: name });
  await root.scan();
  await rename(tree.at(path), tree.at(`${path}-unmounted`));
  await mkdir(tree.at(path));

  expect(await root.scan()).toMatchObject({ state: 'outage', removed: 0 });
  expect(Object.keys(root.said())).toHaveLength(3);
  await rm(tree.at(path), { recursive: true });
  await expect(root.scan()).rejects.toMatchObject({ code: 'ENOENT' });
  expect(Object.keys(root.said())).toHaveLength(3);
  await mkdir(tree.at(path));
  expect(await root.scan({ acceptDeletions: true })).toMatchObject({ state: 'done', removed: 3 });
  expect(root.said()).toEqual({});
  root[Symbol.dispose]();
});

test('what an .ignore file names is left out, below its folder too, and comes back without it', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/Film (2020)/Film (2020).mp4`, { mark: 'f' });
  await tree.put(`${path}/Film (2020)/Recording.mp4`, { mark: 'r' });
  await tree.put(`${path}/Private/Deep/Video.mp4`, { mark: 'p' });
  await tree.put(`${path}/.ignore`, 'private/\nRecording.*\n');
  await root.scan();
  expect(Object.keys(root.said())).toEqual(['Film (2020)/Film (2020).mp4']);
  await rm(tree.at(`${path}/.ignore`));
  await tree.put(`${path}/Private/.ignore`, 'Deep');
  await root.scan();
  expect(Object.keys(root.said())).toEqual(['Film (2020)/Film (2020).mp4', 'Film (2020)/Recording.mp4']);
  await tree.put(`${path}/Film (2020)/.ignore`, '');
  await rm(tree.at(`${path}/Private/.ignore`));
  await root.scan();
  expect(Object.keys(root.said())).toEqual(['Private/Deep/Video.mp4']);
  root[Symbol.dispose]();
});

test('a great loss is held back and accepted by a person', async () => {
  const { path, root } = await newRoot();
  for (let i = 0; i < 60; i++) await tree.put(`${path}/Lost/Film ${i}.mkv`, '');
  await tree.put(`${path}/Kept (2020).mp4`);
  await root.scan();
  await rm(tree.at(`${path}/Lost`), { recursive: true });

  expect(await root.scan()).toMatchObject({ held: 60, removed: 0, whole: false });
  expect(await root.scan({ acceptDeletions: true })).toMatchObject({ held: 0, removed: 60 });
  root[Symbol.dispose]();
});

test('the library scans by itself, tells its progress, and sees a film that is added while it runs', async () => {
  const path = `live-${++count}`;
  await tree.put(`${path}/First (2020).mp4`, { mark: 'first' });
  const events: AgentEvent[] = [];
  await using library = await openLibrary({
    roots: [{ path: tree.at(path), library: 'Films', followLinks: false }],
    dataDir: tree.at(`${path}-data`),
    binaries: await binaries(),
    log: SILENT,
    signal: AbortSignal.timeout(50_000),
    onEvent: (event) => events.push(event),
  });
  await library.idle();
  expect(library.status()).toMatchObject([{ state: 'ok', present: 1, problems: 0, library: 'Films' }]);
  expect(phases(events)).toEqual(['walking', 'probing', 'done']);

  await tree.put(`${path}/New folder/Second (2021).mp4`, { mark: 'second' });
  await expect.poll(() => library.status()[0]?.present).toBe(2);
  await rename(tree.at(path), tree.at(`${path}-unplugged`));
  library.scan(null);
  await library.idle();
  expect(library.roots()).toMatchObject([{ state: 'offline' }]);
  expect(library.status()).toMatchObject([{ present: 2 }]);
  expect(events.findLast((event) => event.kind === 'scan.progress')).toMatchObject({ phase: 'failed' });
});

test('copies and pictures are found by the names that the claims gave them, and nothing else is', async () => {
  const path = `copies-${++count}`;
  await tree.put(`${path}/Film (2020)/Film (2020).mp4`);
  await tree.put(`${path}/Film (2020)/Film (2020).de.srt`, '1\n00:00:00,000 --> 00:00:01,000\nHallo\n');
  await tree.put(`${path}/Film (2020)/Film (2020).idx`, 'id: en, index: 0\nid: de, index: 1\n');
  await tree.put(`${path}/Film (2020)/Film (2020).sub`, 'pictures');
  await tree.put(`${path}/Film (2020)/poster.jpg`, 'poster');
  const configs = [{ path: tree.at(path), library: 'Films', followLinks: false }];
  const dataDir = tree.at(`${path}-data`);
  const [root] = identifyRoots(configs, dataDir);
  await using library = await openLibrary({
    ...{ roots: configs, dataDir, binaries: await binaries(), log: SILENT, signal: AbortSignal.timeout(50_000) },
    onEvent() {},
    watch: false,
  });
  library.scan(null);
  await library.idle();
  const index = new TestRoot(tree.at(path), `${dataDir}/library.sqlite`);
  const [claim] = index.claims();
  index[Symbol.dispose]();
  if (claim?.state !== 'present' || !root) throw new Error('not present');
  expect(claim.root).toBe(root.id);

  const copy = library.copy({ root: root.id, pathHash: claim.pathHash });
  expect(copy?.path).toBe(tree.at(`${path}/Film (2020)/Film (2020).mp4`));
  expect(copy?.externalSubtitles.get(1000)?.path).toBe(tree.at(`${path}/Film (2020)/Film (2020).de.srt`));
  const idx = tree.at(`${path}/Film (2020)/Film (2020).idx`);
  expect([1001, 1002].map((at) => copy?.externalSubtitles.get(at))).toEqual([
    { path: idx, stream: 0 },
    { path: idx, stream: 1 },
  ]);
  expect(copy?.media.subtitles.map(({ language }) => language)).toEqual(['de', 'en', 'de']);
  expect(library.image(claim.artwork.poster ?? '')).toEqual({
    kind: 'file',
    path: tree.at(`${path}/Film (2020)/poster.jpg`),
  });
  const frame = library.image(claim.artwork.thumb ?? '');
  expect(frame).toEqual({
    kind: 'frame',
    hdr: false,
    path: copy?.path,
    atMs: Math.round(claim.media.durationMs * 0.15),
  });
  expect(library.copy({ root: root.id, pathHash: '0'.repeat(32) })).toBeNull();
  expect(library.copy({ root: 'another', pathHash: claim.pathHash })).toBeNull();
  expect(library.image('0'.repeat(32))).toBeNull();
});

test('a broken index is made anew under another epoch, and the folders keep their ids', async () => {
  const { path, root } = await newRoot();
  await tree.put(`${path}/Film (2020).mp4`);
  await root.scan();
  const { epoch } = root.index;
  root[Symbol.dispose]();
  const file = tree.at(`index-${count}.sqlite`);
  for (const name of await readdir(tree.path)) if (name.startsWith(`index-${count}.sqlite-`)) await rm(tree.at(name));
  await writeFile(file, 'SQLite format 3\0 and then nothing of the kind'.repeat(100));

  const again = new TestRoot(tree.at(path), file);
  expect(again.index.epoch).not.toBe(epoch);
  expect(again.said()).toEqual({});
  await again.scan();
  expect(again.said()).toEqual({ 'Film (2020).mp4': 'Film' });
  again[Symbol.dispose]();

  const config = [{ path: tree.at(path), library: 'Films', followLinks: false }];
  const dataDir = tree.at(`${path}-data`);
  const first = identifyRoots(config, dataDir);
  expect(identifyRoots([], dataDir)).toEqual([]);
  expect(identifyRoots(config, dataDir)).toEqual(first);
});

function phases(events: readonly AgentEvent[]): string[] {
  const all = events.flatMap((event) => (event.kind === 'scan.progress' ? [event.phase] : []));
  return all.filter((phase, i) => phase !== all[i - 1]);
}
