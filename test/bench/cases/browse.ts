import { type CatalogUnderTest, startCatalog } from '../catalog-edge.ts';
import { type BenchOptions, type BenchResult, type Measure, quantile } from '../measures.ts';

/** Titles that one statement of the seed makes. */
const CHUNK = 10_000;

const scope = (more: object) => ({ userId: 1, libMask: null, maxAge: null, unrated: true, hiddenSet: null, ...more });

/** Who asks, by the part of the catalog that they see. */
const SCOPES = {
  all: scope({}),
  '48%': scope({ maxAge: 12, unrated: false, hiddenSet: 1 }),
  '9%': scope({ maxAge: 6, unrated: false }),
  '0.8%': scope({ maxAge: 0, unrated: false }),
} as const;

/** The pages, each asked for as often as there are repetitions `i`. */
const PAGES: Record<string, (i: number, items: number) => object> = {
  added: () => ({ do: 'grid', query: {} }),
  title: () => ({ do: 'grid', query: { sort: 'title' } }),
  random: (i) => ({ do: 'grid', query: { sort: 'random', seed: String(i + 1) } }),
  genre_by_title: (i) => ({ do: 'grid', query: { sort: 'title', genre: String(1 + (i % 3)) } }),
  two_tags: (i) => ({ do: 'grid', query: { tag: `${101 + (i % 4)},${106 + (i % 7)}` } }),
  rare_person: (i, items) => ({ do: 'grid', query: { sort: 'rating', person: String(personOf(items) + (i % 5)) } }),
  years: (i) => ({ do: 'grid', query: { yearFrom: String(1960 + i), yearTo: String(1965 + i), ratingFrom: '7' } }),
  home: () => ({ do: 'home' }),
  item: (i, items) => ({ do: 'item', id: 1 + ((i * 7919) % items) }),
  similar: (i, items) => ({ do: 'similar', id: 1 + ((i * 7919) % items) }),
  people: () => ({ do: 'people' }),
  top: () => ({ do: 'top' }),
  search_letter: (i) => ({ do: 'search', q: 'bcdefghijklmnop'[i % 15] }),
  search_two: (i) => ({ do: 'search', q: ['ba', 'co', 'du', 'el', 'fi'][i % 5] }),
  search_word: (i) => ({ do: 'search', q: ['bacor', 'dunfir mi', 'gamhol', 'lumper'][i % 4] }),
  search_typo: (i) => ({ do: 'search', q: ['bacordnu', 'jorkallmu', 'osperbaa'][i % 3] }),
};

/** A person with about a hundred titles, whatever the size of the catalog: the page is as full at each. */
function personOf(items: number): number {
  return 5001 + Math.round(50_000 * (items / 3_750_000) ** 1.5);
}

/** Rows that are read in less than a millisecond. */
const FEW_ROWS = 1_000;

/** Times that a page is asked for, and how long at most: on a machine that is busy the whole still ends. */
const TIMES = 100;
const MAX_PAGE_MS = 1500;

/**
 * Every page's query at growing catalogs, for people who see all of it and little of it: in the database as D1 itself
 * says, and until the page is there, through a Worker.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const sizes = quick ? [10_000, 50_000] : [10_000, 100_000, 250_000];
  const times = quick ? 20 : TIMES;
  await using catalog = await startCatalog();
  await catalog.ask({ do: 'seed-common' });
  const measures: Measure[] = [];
  const usual = new Map<string, number[]>();
  const rows = new Map<string, number[]>();
  const worst = { p99: 0, walls: [] as number[] };
  let seeded = 0;
  for (const size of sizes) {
    for (; seeded < size; seeded += CHUNK) await catalog.ask({ do: 'seed', from: seeded + 1, to: seeded + CHUNK });
    await catalog.ask({ do: 'seed-counts' });
    await catalog.ask({ do: 'keep-narrow' });
    for (const [seen, who] of Object.entries(SCOPES)) {
      for (const [page, askOf] of Object.entries(PAGES)) {
        if (seen !== 'all' && (page === 'top' || page === 'people') && quick) continue;
        const asked = await askFor(catalog, (i) => ({ ...askOf(i, size), scope: who }), times);
        const name = `${size / 1000}k.${seen}.${page}`;
        const p99 = quantile(asked.database, 0.99);
        const last = size === sizes.at(-1);
        measures.push({ name: `${name}.p99`, value: p99, unit: 'ms', ...(last ? { goal: '< 10' } : {}) });
        measures.push({ name: `${name}.rows`, value: asked.rows, unit: 'rows read' });
        usual.set(`${seen}.${page}`, [...(usual.get(`${seen}.${page}`) ?? []), typical(asked.database)]);
        rows.set(`${seen}.${page}`, [...(rows.get(`${seen}.${page}`) ?? []), asked.rows]);
        if (!last) continue;
        worst.p99 = Math.max(worst.p99, p99);
        worst.walls.push(...asked.walls);
      }
    }
  }
  // Below a millisecond the clock's own steps are larger than what grows.
  const [inTime, inRows] = [grownOf(usual, 1), grownOf(rows, FEW_ROWS)];
  for (const [name, grown] of inTime)
    measures.push({ name: `flat.${name}`, value: grown, unit: 'ratio', goal: '<= 2' });
  // What a busy machine does not change.
  for (const [name, grown] of inRows) measures.push({ name: `flat_rows.${name}`, value: grown, unit: 'ratio' });
  measures.push({ name: 'database.p99.of_the_slowest_page', value: worst.p99, unit: 'ms', goal: '< 10' });
  measures.push({
    name: 'flat.of_the_steepest_page',
    value: Math.max(...inTime.values()),
    unit: 'ratio',
    goal: '<= 2',
  });
  measures.push({ name: 'api.p99', value: quantile(worst.walls, 0.99), unit: 'ms', goal: '< 50' });
  return { bench: 'browse', measures };
}

/** How much more each costs at the largest size than at the smallest, `least` and less counted as that. */
function grownOf(costs: ReadonlyMap<string, readonly number[]>, least: number): Map<string, number> {
  return new Map(
    [...costs].map(([name, values]) => [name, Math.max(values.at(-1) ?? 0, least) / Math.max(values[0] ?? 0, least)]),
  );
}

/** Milliseconds in the database and until the answer of each time, and the rows that one time reads. */
async function askFor(catalog: CatalogUnderTest, ask: (i: number) => object, times: number) {
  const database: number[] = [];
  const walls: number[] = [];
  let read = 0;
  await catalog.ask(ask(0));
  const until = performance.now() + MAX_PAGE_MS;
  for (let i = 0; i < times && (i < 10 || performance.now() < until); i++) {
    const cost = await catalog.ask(ask(i));
    database.push(cost.ms);
    walls.push(cost.wallMs);
    read += cost.read;
  }
  return { database, walls, rows: read / database.length };
}

/** D1 tells whole milliseconds: the mean is finer than the median; without what something else on the machine did. */
function typical(values: readonly number[]): number {
  const kept = [...values].sort((a, b) => a - b).slice(0, Math.ceil(values.length * 0.9));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}
