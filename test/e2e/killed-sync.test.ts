import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pathHashOf } from '../../agent/library/scan/folder.ts';
import type { Page } from '../../shared/api/paging.ts';
import type { Claim, SyncBatch } from '../../shared/protocol/sync.ts';
import { binaries, MediaTree } from '../agent/media-tree.ts';
import { Catalog, digestsOf, inIndex, onDisk } from './disk-and-catalog.ts';
import { Household, waitFor } from './household.ts';
import type { Machine } from './machine.ts';
import { type Held, SyncTap } from './sync-tap.ts';

/** Films of each site by number: the cabin has some of the shed's. */
const FILMS = { shed: [0, 400], cabin: [340, 460] } as const;
const EPISODES = 20;
const BROKEN = 12;

/** Generous: what is waited for comes in seconds, and on a busy machine in its own time. */
const LIMIT_MS = 120_000;

type SiteName = keyof typeof FILMS;

/** One machine with the tap before it. */
interface Site {
  name: SiteName;
  tap: SyncTap;
  machine: Machine;
}

let tree: MediaTree;
let household: Household;
let shed: Site;
let cabin: Site;
const taps: SyncTap[] = [];

/** What the owner did something with, before the disk changed. */
let marked: { path: string; id: string }[];
/** A batch of a killed shed that comes to the edge when everything else has. */
let late: Held;

const titleOf = (path: string) => /\/([^/]+) \(\d{4}\)\.\w+$/.exec(path)?.[1] ?? 'Show';
const filmsOf = (name: SiteName) => tree.at(`${name} films`);
const dataOf = ({ name }: Site) => join(tree.at('home'), name);

/** Paths of films that a batch brings, and that the cabin has not. */
const filmsIn = ({ claims }: SyncBatch) =>
  claims.flatMap((claim) => (claim.state === 'present' && isOnlyHere(claim) ? [claim.path] : []));

const isOnlyHere = ({ path }: { path: string }) =>
  Number(/Film (\d+) /.exec(path)?.[1] ?? FILMS.cabin[0]) < FILMS.cabin[0];

beforeAll(async () => {
  tree = await MediaTree.make();
  household = await Household.start(tree.at('home'));
  for (const site of ['shed', 'cabin'] as const) {
    const [from, to] = FILMS[site];
    const put = (path: string, mark: string) => tree.put(`${site} films/${path}.mp4`, { mark });
    for (let i = from; i < to; i++) await put(`Folder ${i % 16}/Film ${i} (2001)`, `${i}`);
    for (let i = 1; i <= EPISODES; i++) await put(`Show (2019)/Season 01/Show - S01E${i}`, `e${i}`);
  }
  for (let i = 0; i < BROKEN; i++) await tree.put(`shed films/Folder ${i}/Broken ${i} (2001).mp4`, '');
  await tree.make('shed films/Folder 0/Slow (2001).avi', ['-i', tree.at('film.mp4'), '-c:v', 'mpeg4', '-an']);
  const { ffprobe } = await binaries();
  // No scan comes to its end before: what is killed until then is killed in the middle of one.
  const slow = `case "$*" in *Slow*) while [ -e "$0" ] && [ ! -e '${tree.at('open')}' ]; do sleep 0.2; done;; esac`;
  writeFileSync(tree.at('ffprobe'), `#!/bin/sh\n${slow}\nexec '${ffprobe}' "$@"\n`);
  writeFileSync(tree.at('ffmpeg'), '#!/bin/sh\nexit 1\n');
  for (const tool of ['ffprobe', 'ffmpeg']) chmodSync(tree.at(tool), 0o700);
});

afterAll(async () => {
  await household?.[Symbol.asyncDispose]();
  for (const tap of taps) await tap[Symbol.asyncDispose]();
  await tree?.[Symbol.asyncDispose]();
});

/** A machine that does not encode, and that is not through with the slow film before `endScans`. */
async function enter(name: SiteName): Promise<Site> {
  const tap = await SyncTap.before(household.url);
  taps.push(tap);
  const env = { HEARTHCAST_FFPROBE: tree.at('ffprobe'), HEARTHCAST_FFMPEG: tree.at('ffmpeg') };
  const machine = await household.join(name, name, filmsOf(name), [], { edge: tap.origin, env });
  return { name, tap, machine };
}

const endScans = () => writeFileSync(tree.at('open'), '');

async function kill({ machine }: Site, held: Held | null): Promise<void> {
  await machine.signal('SIGKILL');
  held?.drop();
}

/** Until the index is as the disk, and the edge has taken the last of it. */
async function settled(site: Site): Promise<void> {
  const disk = JSON.stringify(onDisk(filmsOf(site.name)));
  await waitFor(`${site.name} to have told everything`, LIMIT_MS, async () => {
    const last = site.tap.taken.at(-1);
    const { files, revision } = inIndex(dataOf(site));
    return JSON.stringify(files) === disk && last?.complete && last.toRevision === revision ? true : null;
  });
}

/** Everything in the grids, a page after another. */
async function shownTitles(): Promise<string[]> {
  const { items: libraries } = await household.get<{ items: { id: string }[] }>('/libraries');
  expect(libraries).toHaveLength(1);
  const titles: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = `sort=title&limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await household.get<Page<{ title: string }>>(`/libraries/${libraries[0]?.id}/items?${query}`);
    titles.push(...page.items.map(({ title }) => title));
    cursor = page.next;
  }
  return titles.sort();
}

async function itemOf(path: string): Promise<{ path: string; id: string }> {
  const { items } = await household.get<{ items: { id: string; title: string }[] }>(
    `/search?q=${encodeURIComponent(titleOf(path))}`,
  );
  const found = items.filter((item) => item.title === titleOf(path));
  expect(found).toHaveLength(1);
  return { path, id: found[0]?.id as string };
}

const userDataOf = async (id: string) => (await household.get<{ user: object }>(`/items/${id}`)).user;

it('is killed in its first scan, with a batch that the edge has not got', async () => {
  shed = await enter('shed');
  const held = await shed.tap.hold('sent');
  await kill(shed, held);
  expect(shed.tap.taken).toEqual([]);
});

it('is killed with a batch that the edge has taken and it does not know of, as another is', async () => {
  cabin = await enter('cabin');
  shed.machine.power();
  const enough = ({ fromRevision }: SyncBatch) => fromRevision > 0 && shed.tap.taken.flatMap(filmsIn).length >= 3;
  const [ours, theirs] = await Promise.all([shed.tap.hold('answered', enough), cabin.tap.hold('answered')]);
  await Promise.all([kill(shed, ours), kill(cabin, theirs)]);
  cabin.machine.power();

  marked = await Promise.all(shed.tap.taken.flatMap(filmsIn).slice(0, 3).map(itemOf));
  const [seen, rated, liked] = marked.map(({ id }) => `/items/${id}`);
  await household.put(`${seen}/played`, { played: true });
  await household.put(`${rated}/rating`, { rating: 7 });
  await household.put(`${liked}/favorite`, { favorite: true });
});

it('goes on after the edge was killed with a batch in its hands', async () => {
  shed.machine.power();
  const held = await shed.tap.hold('sent');
  const next = ({ fromRevision }: SyncBatch) => fromRevision >= held.batch.toRevision;
  // Before the edge is back: all the rest may be told in a moment then.
  const later = shed.tap.hold('sent', (batch) => next(batch) && filmsIn(batch).length >= 2);
  const passing = held.pass().catch(() => held.drop());
  await household.restartEdge('SIGKILL', 0);
  await passing;
  late = await later;
  await kill(shed, null);
});

it('sees what happened to the disk meanwhile, and is killed when the edge has heard of it', async () => {
  const at = (path: string) => join(filmsOf('shed'), path);
  const [, rated, liked] = marked.map(({ path }) => path) as [string, string, string];
  const [lost, replaced] = filmsIn(late.batch) as [string, string];
  rmSync(at(lost));
  await tree.put(`shed films/${replaced}`, { mark: 'another cut' });
  renameSync(at(rated), at('Folder 1/Tale (2002).mp4'));
  renameSync(at(liked), tree.at('away'));
  endScans();
  shed.machine.power();
  const isGone = (claim: Claim) => claim.state === 'gone' && claim.pathHash === pathHashOf(liked);
  const held = await shed.tap.hold('answered', ({ claims }) => claims.some(isGone));
  await kill(shed, held);
  expect(await shownTitles()).not.toContain(titleOf(liked));
  renameSync(tree.at('away'), at(liked));
  shed.machine.power();
});

it('ends with the catalog as the disks are, each title once, and what was done with them', async () => {
  await settled(shed);
  await settled(cabin);
  expect(await late.pass()).toBe(409);
  const sites = [shed, cabin];
  for (const { tap } of sites) {
    expect(new Set(tap.taken.map(({ epoch }) => epoch)).size).toBe(1);
    for (const [i, batch] of tap.taken.entries())
      expect(batch.fromRevision).toBeGreaterThanOrEqual(tap.taken[i - 1]?.toRevision ?? 0);
  }
  const whole = sites.flatMap(({ name }) => onDisk(filmsOf(name)).filter(({ size }) => size > 0));
  expect(await shownTitles()).toEqual([...new Set(whole.map(({ path }) => titleOf(path)))].sort());
  const [seen, , liked] = marked.map(({ id }) => id) as [string, string, string];
  expect(await userDataOf(seen)).toMatchObject({ played: true, favorite: false, rating: null });
  expect(await userDataOf((await itemOf('/Tale (2002).mp4')).id)).toMatchObject({ played: false, rating: 7 });
  expect(await userDataOf(liked)).toMatchObject({ played: false, favorite: true, rating: null });

  await household[Symbol.asyncDispose]();
  using catalog = new Catalog(tree.at('home/edge'));
  for (const site of sites) {
    expect(catalog.files(site.name)).toEqual(onDisk(filmsOf(site.name)));
    expect(catalog.digests(site.name)).toEqual(await digestsOf(dataOf(site)));
  }
  const doubled =
    'SELECT 1 FROM item WHERE deleted_at IS NULL GROUP BY kind, title, root_id, season, idx HAVING count(*) > 1';
  expect(catalog.rows(doubled)).toEqual([]);
  const called = catalog.rows<{ path: string; title: string | null }>(
    `SELECT f.path, coalesce(s.title, i.title) AS title FROM file f JOIN item i ON i.id = f.item_id
    LEFT JOIN item s ON s.id = i.root_id WHERE f.deleted_at IS NULL`,
  );
  expect(called.filter(({ path, title }) => title !== titleOf(path))).toEqual([]);
  expect(called).toHaveLength(whole.length);
});
