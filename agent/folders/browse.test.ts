import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderPlace } from '../../shared/protocol/folders.ts';
import { browse, showAllowed } from './browse.ts';
import { folderOf, isWithin } from './places.ts';

let folder: string;
let allow: string[];
const at = (...below: string[]) => ({ allowed: 0, below });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthcast-browse-'));
  for (const path of [
    'media/Films/Old',
    'media/.hidden',
    'media/Episode 10',
    'media/Episode 9',
    'media2',
    'private/keys',
  ]) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  writeFileSync(join(folder, 'media', 'Film.mkv'), '');
  writeFileSync(join(folder, 'media', 'secret.txt'), '');
  symlinkSync(join(folder, 'private'), join(folder, 'media', 'a way out'));
  symlinkSync(join(folder, 'media', 'Films'), join(folder, 'media', 'Same films'));
  symlinkSync('/nowhere/at/all', join(folder, 'media', 'Broken'));
  allow = [join(folder, 'media')];
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what may be seen of a machine', () => {
  it('[FO1] is names of folders below what was allowed, and how many films there are', async () => {
    const answer = await browse(at(), allow, [{ id: 'films-1', path: join(folder, 'media', 'Films') }]);
    expect(answer.folders).toEqual([
      { name: 'Episode 9', root: null },
      { name: 'Episode 10', root: null },
      { name: 'Films', root: 'films-1' },
      { name: 'Same films', root: null },
    ]);
    expect(answer).toMatchObject({ truncated: false, videos: 1, root: null });
  });

  it('[FO1] begins at the places that were allowed, and at nothing where none was', () => {
    expect(showAllowed(allow, []).folders).toEqual([{ name: allow[0], root: null }]);
    expect(showAllowed([], []).folders).toEqual([]);
  });

  it('[FO2] ends where a link leads out', async () => {
    await expect(browse(at('a way out'), allow, [])).rejects.toMatchObject({ code: 'not-found' });
    await expect(browse(at('a way out', 'keys'), allow, [])).rejects.toMatchObject({ code: 'not-found' });
    expect(await folderOf(at('Same films', 'Old'), allow)).toBe(join(folder, 'media', 'Films', 'Old'));
  });

  it.each([
    ['..', '..'],
    ['Films/../..', 'Films/../..'],
    ['a file', 'Film.mkv'],
  ])('[FO1] is not reached by %s', async (_, name) => {
    await expect(browse(at(name), allow, [])).rejects.toMatchObject({ class: 'content' });
  });

  it.each(['..', '.', 'a/b', 'a\\b', 'a\0b', ''])('[FO1] takes no name such as %j in the first place', (name) => {
    expect(FolderPlace.safeParse(at(name)).success).toBe(false);
  });

  it('is nothing for a place that was not allowed', async () => {
    await expect(browse({ allowed: 7, below: [] }, allow, [])).rejects.toMatchObject({ code: 'not-found' });
  });
});

it.each([
  ['/srv/media', '/srv/media', true],
  ['/srv/media/films', '/srv/media', true],
  ['/srv/media2', '/srv/media', false],
  ['/srv', '/srv/media', false],
  ['/srv/media/..films', '/srv/media', true],
])('%s within %s: %s', (path, above, expected) => {
  expect(isWithin(path, above)).toBe(expected);
});
