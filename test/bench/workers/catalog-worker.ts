import { showHome, showItem } from '../../../edge/catalog/browse.ts';
import { keepFacetBlocks } from '../../../edge/catalog/facet-blocks.ts';
import { showFacets } from '../../../edge/catalog/facet-lists.ts';
import { browseGrid } from '../../../edge/catalog/grids.ts';
import { applyBatch } from '../../../edge/catalog/ingest.ts';
import { keepNarrowSets } from '../../../edge/catalog/narrow-sets.ts';
import { announceRoots } from '../../../edge/catalog/roots.ts';
import { narrowed, scopeKey } from '../../../edge/catalog/scope.ts';
import { searchItems } from '../../../edge/catalog/search.ts';
import { showSimilar } from '../../../edge/catalog/similar.ts';
import { MIN_BLOCK_ITEMS } from '../../../edge/db/block-bits.ts';
import { type NarrowSetRow, setsStatement } from '../../../edge/db/narrow-sets.ts';
import type { Scope } from '../../../edge/db/scopes.ts';
import { topItems } from '../../../edge/db/watch-counts.ts';
import type { Env } from '../../../edge/env.ts';
import { ItemsQuery } from '../../../shared/api/items.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import type { SyncBatch } from '../../../shared/protocol/sync.ts';
import { seedCommon, seedCounts, seedItems } from './seed-worker.ts';

/** What a benchmark asks for. */
type Ask =
  | { do: 'seed'; from: number; to: number }
  | { do: 'seed-common' | 'seed-counts' | 'keep-narrow' | 'nothing' }
  | { do: 'enrol'; agentId: string }
  | { do: 'sync'; agentId: string; batch: SyncBatch }
  | { do: 'grid'; scope: Scope; query: Record<string, string> }
  | { do: 'search'; scope: Scope; q: string }
  | { do: 'home' | 'top' | 'people'; scope: Scope }
  | { do: 'item' | 'similar'; scope: Scope; id: number };

/** The lists of those who see little, which the edge reads every few seconds. */
let narrow = new Map<string, NarrowSetRow>();

/** The catalog of the edge with nothing around it: one question a request, with what it cost. */
// biome-ignore lint/style/noDefaultExport: workerd calls the default export of a module.
export default {
  async fetch(request, bindings) {
    const ask = (await request.json()) as Ask;
    const cost = { read: 0, written: 0, ms: 0 };
    const silent = { getByName: () => ({ publish: async () => {}, agents: async () => [] }) };
    const env = { ...bindings, DB: counted(bindings.DB, cost), EVENT_HUB: silent, FLEET: silent } as unknown as Env;
    const known =
      'scope' in ask ? { ...ask, scope: { ...ask.scope, ...narrowed(narrow.get(scopeKey(ask.scope))) } } : ask;
    const items = await answer(env, known);
    return Response.json({ ...cost, items });
  },
} satisfies ExportedHandler<Env>;

/** Answers how many things came back. */
async function answer(env: Env, ask: Ask): Promise<number> {
  switch (ask.do) {
    case 'seed-common':
      await seedCommon(env.DB);
      return 0;
    case 'seed':
      await seedItems(env.DB, ask.from, ask.to);
      return 0;
    case 'seed-counts':
      await seedCounts(env.DB);
      return 0;
    case 'keep-narrow': {
      // The seed writes past the lists and the blocks: they are built anew.
      await env.DB.batch(
        ['narrow_item', 'narrow_facet', 'narrow_set', 'facet_block'].map((table) =>
          env.DB.prepare(`DELETE FROM ${table}`),
        ),
      );
      await env.DB.prepare(`UPDATE facet SET blocks = items >= ${MIN_BLOCK_ITEMS}`).run();
      for (let left = 1; left > 0; ) {
        await keepFacetBlocks(env);
        left = (await env.DB.prepare('SELECT count(*) AS n FROM facet WHERE blocks = 1').first<number>('n')) ?? 0;
      }
      await keepNarrowSets(env, Date.now());
      const { results } = await setsStatement(env.DB).all<NarrowSetRow>();
      narrow = new Map(results.map((set) => [set.rules, set]));
      return results.length;
    }
    case 'nothing':
      return 0;
    case 'enrol':
      await env.DB.batch([
        env.DB.prepare(`INSERT OR IGNORE INTO site (id, name, created_at) VALUES (1, 'Home', 0)`),
        env.DB.prepare(
          `INSERT INTO agent (id, site_id, name, public_key, created_at) VALUES (?1, 1, 'box', 'key', 0)`,
        ).bind(ask.agentId),
      ]);
      await announceRoots(env, ask.agentId, [{ id: 'films', name: 'films', library: 'Films', state: 'ok' }]);
      return 0;
    case 'sync':
      await applyBatch(env, ask.agentId, ask.batch, Date.now());
      return ask.batch.claims.length;
    case 'grid':
      return (await browseGrid(env, ask.scope, 1, ItemsQuery.parse(ask.query))).items.length;
    case 'search':
      return (await searchItems(env, ask.scope, { q: ask.q, limit: 60 })).items.length;
    case 'home':
      return (await showHome(env, ask.scope)).recent.length;
    case 'top':
      return (await topItems(env, ask.scope, { everyone: true, by: 'plays', limit: 20 })).length;
    case 'people':
      return (await showFacets(env, ask.scope, 'person', { limit: 60 })).items.length;
    case 'item':
      // What a person does not see is asked for too, and costs as much.
      return showItem(env, ask.scope, ask.id).then(
        (item) => item.people.length,
        (error) => (error instanceof HearthcastError ? 0 : Promise.reject(error)),
      );
    case 'similar':
      return (await showSimilar(env, ask.scope, ask.id)).items.length;
    default:
      return ask satisfies never;
  }
}

interface Cost {
  read: number;
  written: number;
  ms: number;
}

/** A database that notes what each statement reads and writes. */
function counted(db: D1Database, cost: Cost): D1Database {
  const note = <T>(result: D1Result<T>): D1Result<T> => {
    cost.read += result.meta.rows_read;
    cost.written += result.meta.rows_written;
    cost.ms += result.meta.duration;
    return result;
  };
  const originals = new WeakMap<object, D1PreparedStatement>();
  const watched = (statement: D1PreparedStatement): D1PreparedStatement => {
    const proxy = new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => watched(target.bind(...values));
        if (name === 'all' || name === 'run') return async () => note(await target.all());
        if (name === 'first') {
          return async (column?: string) => {
            const row = note(await target.all<Record<string, unknown>>()).results[0];
            return column === undefined ? (row ?? null) : (row?.[column] ?? null);
          };
        }
        if (name === 'raw') {
          return async () => note(await target.all<Record<string, unknown>>()).results.map((row) => Object.values(row));
        }
        return Reflect.get(target, name, target);
      },
    });
    originals.set(proxy, statement);
    return proxy;
  };
  return {
    prepare: (sql: string) => watched(db.prepare(sql)),
    batch: async (statements: D1PreparedStatement[]) =>
      (await db.batch(statements.map((one) => originals.get(one) ?? one))).map(note),
  } as unknown as D1Database;
}
