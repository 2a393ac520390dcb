import { type CatalogUnderTest, startCatalog } from '../catalog-edge.ts';
import { type BenchOptions, type BenchResult, type Measure, median, quantile } from '../measures.ts';

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
  rare_person: (i) => ({ do: 'grid', query: { sort: 'rating', person: String(5001 + 2000 + i * 37) } }),
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

/** Every page's query at growing catalogs, for people who see all of it and little of it. */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const sizes = quick ? [10_000, 50_000] : [10_000, 100_000, 250_000];
  const times = quick ? 8 : 20;
  await using catalog = await startCatalog();
  await catalog.ask({ do: 'seed-common' });
  const measures: Measure[] = [];
  const medians = new Map<string, number[]>();
  let seeded = 0;
  for (const size of sizes) {
    for (; seeded < size; seeded += CHUNK) await catalog.ask({ do: 'seed', from: seeded + 1, to: seeded + CHUNK });
    await catalog.ask({ do: 'seed-counts' });
    await catalog.ask({ do: 'keep-narrow' });
    const idle = await overhead(catalog, times);
    for (const [seen, who] of Object.entries(SCOPES)) {
      for (const [page, askOf] of Object.entries(PAGES)) {
        if (seen !== 'all' && (page === 'top' || page === 'people') && quick) continue;
        const walls: number[] = [];
        let read = 0;
        await catalog.ask({ ...askOf(0, size), scope: who });
        for (let i = 0; i < times; i++) {
          const cost = await catalog.ask({ ...askOf(i, size), scope: who });
          walls.push(Math.max(0, cost.wallMs - idle));
          read += cost.read;
        }
        const name = `${size / 1000}k.${seen}.${page}`;
        const p99 = quantile(walls, 0.99);
        measures.push({
          name: `${name}.p99`,
          value: p99,
          unit: 'ms',
          ...(size === sizes.at(-1) ? { goal: '< 10' } : {}),
        });
        measures.push({ name: `${name}.rows`, value: read / times, unit: 'rows read' });
        medians.set(`${seen}.${page}`, [...(medians.get(`${seen}.${page}`) ?? []), median(walls)]);
      }
    }
  }
  for (const [name, values] of medians) {
    const [first = 0, last = 0] = [values[0], values.at(-1)];
    // Below a millisecond the clock's own noise is larger than what grows.
    measures.push({ name: `flat.${name}`, value: Math.max(last, 1) / Math.max(first, 1), unit: 'ratio', goal: '<= 2' });
  }
  return { bench: 'browse', measures };
}

/** What a request costs that asks the database nothing. */
async function overhead(catalog: CatalogUnderTest, times: number): Promise<number> {
  const walls: number[] = [];
  for (let i = 0; i < times; i++) walls.push((await catalog.ask({ do: 'nothing' })).wallMs);
  return median(walls);
}
