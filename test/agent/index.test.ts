import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MediaTree } from './media-tree.ts';
import { TestRoot } from './scanning.ts';

const FILMS = 1500;
const CLI = new URL('../../agent/cli.ts', import.meta.url).pathname;

let tree: MediaTree;

beforeAll(async () => {
  tree = await MediaTree.make();
  for (let i = 0; i < FILMS; i++) {
    const stem = `films/Folder ${i % 40}/Film ${i} (2020)`;
    await tree.put(`${stem}.mp4`, { mark: String(i) });
    await tree.put(`${stem}.nfo`, `<movie><title>Title ${i}</title><plot>Plot ${i}</plot></movie>`);
  }
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

test('a kill -9 at any point of a scan loses nothing that was written, and the next scan goes on', async () => {
  const data = tree.at('data');
  const file = `${data}/library.sqlite`;
  const args = [CLI, 'scan', '--data', data, '--root', `Films=${tree.at('films')}`];
  const seen: number[] = [];
  for (let round = 1; round <= 4; round++) {
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const exit = once(child, 'exit');
    const target = Math.min(FILMS, round * 250);
    await expect.poll(() => rowsIn(file), { interval: 5 }).toBeGreaterThanOrEqual(target);
    child.kill('SIGKILL');
    await exit;
    const root = new TestRoot(tree.at('films'), file);
    const written = root.claims();
    expect(written.length).toBeGreaterThanOrEqual(target);
    expect(root.index.revision).toBe(written.at(-1)?.rev);
    seen.push(written.length);
    root[Symbol.dispose]();
  }
  expect(seen[0]).toBeLessThan(FILMS);

  const root = new TestRoot(tree.at('films'), file);
  const { epoch } = root.index;
  const before = root.claims();
  root.root.id = before[0]?.root ?? '';
  root.root.name = 'films';
  expect(await root.scan()).toMatchObject({ probed: FILMS - before.length, removed: 0, whole: true });
  expect(root.index.epoch).toBe(epoch);
  expect(root.claims().slice(0, before.length)).toEqual(before);

  // The same tree read without interruption says the same, and a folder that was killed was not taken for done.
  const whole = new TestRoot(tree.at('films'), tree.at('whole.sqlite'));
  Object.assign(whole.root, root.root);
  await whole.scan();
  expect(facts(root)).toEqual(facts(whole));
  expect(facts(root)).toHaveLength(FILMS);
  root[Symbol.dispose]();
  whole[Symbol.dispose]();
});

function facts(root: TestRoot): unknown[] {
  const said = root.claims().map(({ rev: _, ...claim }) => claim);
  return said.sort((a, b) => (a.pathHash < b.pathHash ? -1 : 1));
}

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
