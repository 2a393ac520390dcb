import { renameSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DISK, type FileSystem } from '../../agent/library/scan/file-system.ts';
import { Claim } from '../../shared/protocol/sync.ts';
import { MediaTree, PICTURE } from './media-tree.ts';
import { TestRoot } from './scanning.ts';

let tree: MediaTree;
let count = 0;

beforeAll(async () => {
  tree = await MediaTree.make();
});
afterAll(() => tree[Symbol.asyncDispose]());

function newRoot(): { path: string; root: TestRoot } {
  const path = `case-${++count}`;
  return { path, root: new TestRoot(tree.at(path), tree.at(`index-${count}.sqlite`)) };
}

/** What Node's file system throws. */
function refuse(code: string): never {
  throw Object.assign(new Error(`${code}: simulated`), { code, syscall: 'scandir' });
}

test('every kind of bad file is an item or a listed problem, and none stops the scan of the others', async () => {
  const { path, root } = newRoot();
  const film = await readFile(await tree.put(`${path}/Good (2020).mp4`));
  await tree.put(`${path}/Zero (2020).mkv`, '');
  await tree.put(`${path}/Text (2020).mkv`, 'this is no film\n'.repeat(100));
  await tree.put(`${path}/Playlist (2020).mkv`, '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.ts\n');
  await tree.put(`${path}/Cut (2020).mp4`, film.subarray(0, film.length - 4000));
  await tree.put(`${path}/Page (2020).mp4`, '<!doctype html><title>404</title>');
  await tree.make(`${path}/Sound.mp4`, ['-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac']);
  const shell = 'quo"te\'s $(id) `x`; rm';
  const long = `${'ü'.repeat(122)}ab.mp4`;
  expect(Buffer.byteLength(long)).toBe(250);
  for (const name of ['new\nline.mp4', `${shell}.mp4`, '😀 (2020).mp4', '-i.mp4', long, 'http:colon.mp4']) {
    await tree.put(`${path}/${name}`, { mark: name });
  }
  await writeFile(
    Buffer.concat([Buffer.from(`${tree.at(path)}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.mp4')]),
    film,
  );
  await symlink('.', tree.at(`${path}/loop`));
  await symlink('self.mp4', tree.at(`${path}/self.mp4`));

  const outcome = await root.scan();

  expect(outcome.state).toBe('done');
  expect(root.said()).toEqual({
    'Good (2020).mp4': 'Good',
    'Zero (2020).mkv': '!empty',
    'Text (2020).mkv': '!not-media',
    'Playlist (2020).mkv': '!not-media',
    'Cut (2020).mp4': '!truncated',
    'Page (2020).mp4': '!not-media',
    'Sound.mp4': 'Sound',
    'new\nline.mp4': 'new line',
    [`${shell}.mp4`]: shell,
    '😀 (2020).mp4': '😀',
    '-i.mp4': 'i',
    [long]: `${'ü'.repeat(122)}ab`,
    'http:colon.mp4': 'http:colon',
    '��.mp4': '!name-too-odd',
  });
  for (const claim of root.claims()) expect(Claim.safeParse(claim).error).toBeUndefined();
  root[Symbol.dispose]();
});

test('a film with 20 audio tracks is an item, one with 65 is a problem that says how many', async () => {
  const { path, root } = newRoot();
  const tracks = (n: number) => [
    ...PICTURE,
    '-f',
    'lavfi',
    '-i',
    'sine=d=1',
    '-map',
    '0:v',
    ...Array(n).fill(['-map', '1:a']).flat(),
  ];
  const codecs = ['-c:v', 'mpeg4', '-c:a', 'mp2'];
  await tree.make(`${path}/Twenty (2020).mkv`, [...tracks(20), ...codecs]);
  await tree.make(`${path}/Many (2020).mkv`, [...tracks(65), ...codecs]);

  await root.scan();

  const claims = root.claims();
  const twenty = claims.find((claim) => claim.state === 'present');
  expect(twenty?.state === 'present' && twenty.media.audio.length).toBe(20);
  const many = claims.find((claim) => claim.state === 'problem');
  expect(many).toMatchObject({ code: 'too-many-streams', path: 'Many (2020).mkv' });
  expect(many?.state === 'problem' && many.detail).toContain('65');
  root[Symbol.dispose]();
});

test('a file that vanishes between the walk and the probe is listed as vanished, and gone at the next scan', async () => {
  const { path, root } = newRoot();
  await tree.put(`${path}/Stays (2020).mp4`);
  const leaving = await tree.put(`${path}/Leaves (2020).mp4`, { mark: 'leaves' });
  const disk: FileSystem = {
    ...DISK,
    stat(file) {
      const stats = DISK.stat(file);
      if (file === leaving) renameSync(leaving, tree.at(`elsewhere-${count}`));
      return stats;
    },
  };

  const outcome = await root.scan({ disk });
  expect(root.said()).toEqual({ 'Stays (2020).mp4': 'Stays', 'Leaves (2020).mp4': '!vanished' });
  expect(outcome.postponed).toBe(1);
  await root.scan();
  expect(root.said()).toEqual({ 'Stays (2020).mp4': 'Stays' });
  root[Symbol.dispose]();
});

test('a folder that may not be read is a listed problem, and nothing below it is removed', async () => {
  const { path, root } = newRoot();
  await tree.put(`${path}/Open (2020)/Open (2020).mp4`);
  await tree.put(`${path}/Locked/A (2020).mp4`, { mark: 'a' });
  await tree.put(`${path}/Locked/Deep/B (2020).mp4`, { mark: 'b' });
  await root.scan();
  const disk: FileSystem = {
    ...DISK,
    list: (at) => (at.endsWith('Locked') ? refuse('EACCES') : DISK.list(at)),
  };

  const outcome = await root.scan({ disk });

  expect(root.said()).toEqual({
    'Open (2020)/Open (2020).mp4': 'Open',
    Locked: '!unreadable',
    'Locked/A (2020).mp4': 'A',
    'Locked/Deep/B (2020).mp4': 'B',
  });
  expect(outcome).toMatchObject({ state: 'done', removed: 0, whole: false });
  const again = root.index.revision;
  await root.scan({ disk });
  expect(root.index.revision).toBe(again);
  await root.scan();
  expect(Object.keys(root.said())).not.toContain('Locked');
  root[Symbol.dispose]();
});

test('a disk error while a file is asked for its size leaves what is known of it', async () => {
  const { path, root } = newRoot();
  const known = await tree.put(`${path}/Known (2020).mp4`);
  await root.scan();
  const unknown = await tree.put(`${path}/Unknown (2020).mp4`, { mark: 'u' });
  const disk: FileSystem = {
    ...DISK,
    stat: (file) => (file === known || file === unknown ? refuse('EIO') : DISK.stat(file)),
  };

  await root.scan({ disk });

  expect(root.said()).toEqual({ 'Known (2020).mp4': 'Known', 'Unknown (2020).mp4': '!unreadable' });
  await root.scan();
  expect(root.said()).toEqual({ 'Known (2020).mp4': 'Known', 'Unknown (2020).mp4': 'Unknown' });
  root[Symbol.dispose]();
});

test('what lies outside the root is served only when links may lead there, and then once', async () => {
  const { path, root } = newRoot();
  await mkdir(tree.at(path));
  await tree.put(`outside-${count}/Secret (2020).mp4`, { mark: 'secret' });
  await symlink(tree.at(`outside-${count}`), tree.at(`${path}/dir-link`));
  await symlink(tree.at(`outside-${count}`), tree.at(`outside-${count}/circle`));
  await symlink(tree.at(`outside-${count}/Secret (2020).mp4`), tree.at(`${path}/File link (2020).mp4`));
  await tree.put(`${path}/Inside (2020).mp4`);
  await symlink('Inside (2020).mp4', tree.at(`${path}/Second name (2021).mp4`));

  await root.scan();
  expect(Object.keys(root.said())).toEqual(['Inside (2020).mp4', 'Second name (2021).mp4']);
  await root.scan({ followLinks: true });
  expect(Object.keys(root.said())).toEqual([
    'File link (2020).mp4',
    'Inside (2020).mp4',
    'Second name (2021).mp4',
    'dir-link/Secret (2020).mp4',
  ]);
  root[Symbol.dispose]();
});

test('a file that is still being written waits for the next scan', async () => {
  const { path, root } = newRoot();
  await tree.put(`${path}/Done (2020).mp4`);
  await writeFile(await tree.put(`${path}/Growing (2020).mp4`), 'half of a film');

  const outcome = await root.scan();

  expect(outcome.postponed).toBe(1);
  expect(root.said()).toEqual({ 'Done (2020).mp4': 'Done' });
  root[Symbol.dispose]();
});
