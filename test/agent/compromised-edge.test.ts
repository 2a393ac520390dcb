import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLibrary } from '../../agent/library/library.ts';
import { EdgeFrame } from '../../shared/protocol/frames.ts';
import { CopyKey } from '../../shared/protocol/names.ts';
import { binaries, MediaTree, SILENT } from './media-tree.ts';

let tree: MediaTree;

beforeAll(async () => {
  tree = await MediaTree.make();
});
afterAll(() => tree[Symbol.asyncDispose]());

const hashes = (path: string) =>
  ['sha256', 'md5', 'sha1'].map((kind) => createHash(kind).update(path).digest('hex').slice(0, 32));

/** Names by which a file outside could be meant. */
const ways = (secret: string) => [
  secret,
  '../outside/Secret (2020).mp4',
  './../outside/Secret (2020).mp4',
  '/etc/passwd',
];

test('a compromised edge cannot read a file outside an agent’s roots: it can name none', async () => {
  await tree.put('films/Inside (2020).mp4');
  const secret = await tree.put('outside/Secret (2020).mp4', { mark: 'secret' });
  symlinkSync(secret, tree.at('films/Link (2020).mp4'));
  mkdirSync(tree.at('data'), { recursive: true });
  await using library = await openLibrary({
    roots: [{ library: 'Films', path: tree.at('films'), followLinks: false }],
    dataDir: tree.at('data'),
    binaries: await binaries(),
    log: SILENT,
    signal: AbortSignal.timeout(60_000),
    onEvent: () => {},
    watch: false,
  });
  library.scan(null);
  await library.idle();
  const [root] = library.status();
  expect(root).toMatchObject({ present: 1 });
  const known = library.newest(10);
  expect(known.map(({ path }) => path)).toEqual([tree.at('films/Inside (2020).mp4')]);
  for (const way of ways(secret)) {
    for (const pathHash of hashes(way)) {
      for (const id of [root?.id ?? '', 'root-1', '..', '']) expect(library.copy({ root: id, pathHash })).toBeNull();
      expect(library.image(pathHash)).toBeNull();
    }
  }
});

test('a compromised edge sends no path that the link would carry', () => {
  const order = { type: 'bytes', id: 's'.repeat(40), session: null, generation: 0, range: null, deadlineMs: 1000 };
  for (const path of ['../../etc/passwd', '/etc/passwd', '..', 'file:///etc/passwd', '%2e%2e%2f']) {
    expect(CopyKey.safeParse({ root: 'films', pathHash: path }).success).toBe(false);
    expect(CopyKey.safeParse({ root: path, pathHash: '0'.repeat(32) }).success).toBe(false);
    for (const resource of [
      { kind: 'image', image: path, width: 400 },
      { kind: 'init', rendition: path },
      { kind: 'segment', rendition: path, k: 1 },
      { kind: 'path', path },
    ]) {
      expect(EdgeFrame.safeParse({ ...order, resource }).success).toBe(false);
    }
  }
});
