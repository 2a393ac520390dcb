import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MediaTree } from './media-tree.ts';
import { TestRoot } from './scanning.ts';

const FILMS = 60;
const CLI = new URL('../../agent/cli.ts', import.meta.url).pathname;

let tree: MediaTree;

beforeAll(async () => {
  tree = await MediaTree.make();
  for (let i = 0; i < FILMS; i++) await tree.put(`films/Film ${i} (2020).mp4`, { mark: String(i) });
});
afterAll(() => tree[Symbol.asyncDispose]());

function rowsIn(file: string): number {
  if (!existsSync(file)) return 0;
  using database = new DatabaseSync(file, { readOnly: true });
  try {
    return (database.prepare('SELECT count(*) AS n FROM file').get() as { n: number }).n;
  } catch {
    // Its tables are not there yet.
    return 0;
  }
}

test('a kill -9 in the middle of a scan loses nothing that was written, and the next scan does the rest', async () => {
  const data = tree.at('data');
  const file = `${data}/library.sqlite`;
  const child = spawn(process.execPath, [CLI, 'scan', '--data', data, '--root', `Films=${tree.at('films')}`], {
    stdio: 'ignore',
  });
  await expect.poll(() => rowsIn(file), { timeout: 20_000, interval: 10 }).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const root = new TestRoot(tree.at('films'), file);
  const written = root.claims();
  expect(written.length).toBeGreaterThan(0);
  expect(written.length).toBeLessThan(FILMS);
  expect(root.index.revision).toBe(written.at(-1)?.rev);
  const { epoch } = root.index;
  root.root.id = written[0]?.root ?? '';

  expect(await root.scan()).toMatchObject({ probed: FILMS - written.length, removed: 0 });

  expect(Object.keys(root.said())).toHaveLength(FILMS);
  expect(root.index.epoch).toBe(epoch);
  expect(root.claims().slice(0, written.length)).toEqual(written);
  root[Symbol.dispose]();
});

test('the loop has its turn while thousands of rows are written', async () => {
  for (let i = 0; i < 3000; i++) await tree.put(`many/${i % 30}/Film ${i}.mkv`, '');
  const root = new TestRoot(tree.at('many'), tree.at('many.sqlite'));
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await root.scan();
  clearInterval(timer);
  expect(Object.keys(root.said())).toHaveLength(3000);
  expect(turns).toBeGreaterThan(30);
  root[Symbol.dispose]();
});
