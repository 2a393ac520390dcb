import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { backfillCatalog } from '../../edge/catalog/backfill.ts';
import { editMetadata } from '../../edge/catalog/item-edits.ts';
import { keepNarrowSets } from '../../edge/catalog/narrow-sets.ts';
import { count, MEDIA, NOW } from './catalog-world.ts';

/** Films of the first schema: more than one piece. */
const FILMS = 250;

it('brings a catalog of the first schema to this one, in pieces, and loses nothing', async () => {
  const tables = await env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'
      AND name NOT GLOB '*_fts_*' ORDER BY name`,
  ).all<{ name: string }>();
  for (const { name } of tables.results) await env.DB.prepare(`DROP TABLE IF EXISTS "${name}"`).run();
  const [first, ...later] = env.TEST_MIGRATIONS;
  if (!first) throw new Error('there is no first migration');
  await applyD1Migrations(env.DB, [first]);
  const media = JSON.stringify({
    ...MEDIA,
    audio: [
      {
        index: 1,
        codec: 'aac',
        profile: null,
        channels: 2,
        sampleRate: 48000,
        bitrate: null,
        language: 'deu',
        title: null,
        default: true,
      },
    ],
  });
  await env.DB.batch([
    env.DB.prepare(`INSERT INTO site (id, name, created_at) VALUES (1, 'Home', 0)`),
    env.DB.prepare(`INSERT INTO agent (id, site_id, name, public_key, created_at) VALUES ('a', 1, 'box', 'k', 0)`),
    env.DB.prepare(`INSERT INTO library (id, name, bit, items, created_at) VALUES (1, 'Films', 0, ${FILMS}, 0)`),
    env.DB.prepare(`INSERT INTO root (agent_id, id, library_id, name, state) VALUES ('a', 'r', 1, 'r', 'ok')`),
    ...Array.from({ length: FILMS }, (_, i) => [
      env.DB.prepare(
        `INSERT INTO item (id, key, kind, browse, title, sort_title, year, lib_mask, added_at, duration_ms, images)
        VALUES (?1, ?2, 'movie', 1, ?3, ?4, 2000, 1, 5, 5400000, '{"poster":null,"backdrop":null,"thumb":null}')`,
      ).bind(i + 1, `movie:ancient ${i}:2000`, `Ancient ${i}`, `ancient ${i}`),
      env.DB.prepare(
        `INSERT INTO library_item (library_id, item_id, sort_title, year, added_at) VALUES (1, ?1, ?2, 2000, 5)`,
      ).bind(i + 1, `ancient ${i}`),
      env.DB.prepare(
        `INSERT INTO file (agent_id, root, path_hash, epoch, rev, item_id, path, size, mtime_ms, fingerprint, duration_ms, work, images, media)
        VALUES ('a', 'r', ?1, 'e', 1, ?2, 'p', 1, 1, 'f', 5400000, ?3, '{}', ?4)`,
      ).bind(
        `h${i}`,
        i + 1,
        JSON.stringify({ title: `Ancient ${i}`, sort: `ancient ${i}`, year: 2000, series: null }),
        media,
      ),
    ]).flat(),
    env.DB.prepare(`INSERT INTO user_item (user_id, item_id, played, favorite, updated_at) VALUES (7, 3, 1, 1, 9)`),
  ]);
  await applyD1Migrations(env.DB, later);
  // The clock comes twice; the second time there is hardly anything left.
  await backfillCatalog(env, NOW);
  await backfillCatalog(env, NOW);
  expect(await count('backfill')).toBe(0);
  expect(await count(`library_item WHERE runtime = 5400000 AND age = 999`)).toBe(FILMS);
  const language = await env.DB.prepare(`SELECT items FROM facet WHERE key = 'language/deu'`).first('items');
  expect(language).toBe(FILMS);
  expect(await count(`term_del WHERE rest = 'ancint' AND term = 'ancient'`)).toBe(1);
  expect(await count(`user_item WHERE played = 1 AND favorite = 1 AND rating IS NULL`)).toBe(1);
  expect(await env.DB.prepare('SELECT items FROM library').first('items')).toBe(FILMS);
  expect(await env.DB.prepare(`SELECT work->>'$.names[0]' AS name FROM file WHERE id = 1`).first('name')).toBe(
    'movie:ancient 0:2000',
  );
  // What is edited, hidden and listed works on what was there before.
  await editMetadata(env, 1, { title: 'Named anew', tags: ['By hand'] }, NOW);
  expect(await count(`library_item WHERE item_id = 1 AND sort_title = 'named anew'`)).toBe(1);
  expect(await count(`facet_item x JOIN facet f ON f.id = x.facet_id WHERE f.key = 'tag/by hand'`)).toBe(1);
  await editMetadata(env, 1, {}, NOW);
  expect(await env.DB.prepare('SELECT title FROM item WHERE id = 1').first('title')).toBe('Ancient 0');
  expect(await env.DB.prepare('SELECT epoch FROM shown_epoch').first('epoch')).toBe(0);
  await keepNarrowSets(env, NOW);
  expect(await count('narrow_set')).toBe(0);
});
