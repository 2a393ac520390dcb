/** Facets of the generated catalog, by kind: their first id and how many there are. */
const KINDS = [
  { kind: 'genre', first: 1, size: 30, uses: 2 },
  { kind: 'tag', first: 101, size: 1000, uses: 5 },
  { kind: 'studio', first: 2001, size: 500, uses: 1 },
  { kind: 'person', first: 5001, size: 50_000, uses: 4 },
  { kind: 'resolution', first: 60_001, size: 4, uses: 1 },
] as const;

const WORDS = 3_000;
const SYLLABLES = ['ba', 'cor', 'dun', 'el', 'fir', 'gam', 'hol', 'in', 'jor', 'kal', 'lum', 'mir', 'nor', 'os', 'per'];

/** A word that is always the same for a number, and pronounceable. */
export function wordOf(n: number): string {
  const at = (k: number) => SYLLABLES[Math.floor(n / SYLLABLES.length ** k) % SYLLABLES.length] as string;
  return at(0) + at(1) + at(2);
}

/** A number between 0 and 1 that looks like chance, of an item `i` and a constant. */
const chance = (salt: number) => `(((n.i * 2654435761 + ${salt} * 40503) % 65521) / 65521.0)`;

/** Few facets are on many titles, most on few. */
const skewed = (size: number, salt: number) =>
  `CAST(${size} * ${chance(salt)} * ${chance(salt)} * ${chance(salt)} AS INTEGER)`;

const NUMBERS = `WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)`;

/** Fixed things: libraries, facets, words. */
export async function seedCommon(db: D1Database): Promise<void> {
  const words = JSON.stringify(Array.from({ length: WORDS }, (_, i) => wordOf(i)));
  await db.batch([
    db.prepare(`INSERT INTO library (id, name, bit, created_at) VALUES (1, 'Films', 0, 0), (2, 'Other', 1, 0)`),
    db.prepare('CREATE TABLE bench_word (i INTEGER PRIMARY KEY, word TEXT)'),
    db.prepare('INSERT INTO bench_word SELECT key, value FROM json_each(?1)').bind(words),
    ...KINDS.map(({ kind, first, size }) =>
      db
        .prepare(
          `${NUMBERS} INSERT INTO facet (id, key, kind, name, sort_name, born)
          SELECT ?3 + n.i, ?4 || '/' || n.i, ?4, (SELECT word FROM bench_word WHERE i = n.i % ${WORDS}) || ' ' || n.i,
            (SELECT word FROM bench_word WHERE i = n.i % ${WORDS}) || ' ' || n.i, 0 FROM n`,
        )
        .bind(0, size - 1, first, kind),
    ),
    db.prepare(`INSERT INTO facet_fts (rowid, name) SELECT id, name FROM facet WHERE kind <> 'resolution'`),
    db.prepare('INSERT OR IGNORE INTO term (term) SELECT word FROM bench_word'),
    db.prepare(
      `WITH RECURSIVE k (j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM k WHERE j < 12)
      INSERT OR IGNORE INTO term_del (rest, term)
      SELECT substr(word, 1, j - 1) || substr(word, j + 1), word FROM bench_word, k WHERE j <= length(word)
      UNION ALL SELECT word, word FROM bench_word`,
    ),
    db.prepare(`INSERT INTO rset (id, rules) VALUES (1, 'bench')`),
    // People with the rules of the benchmark's scopes.
    db.prepare(
      `INSERT INTO user (id, name, role, password_hash, created_at)
      SELECT value, 'user ' || value, 'child', '', 0 FROM json_each('[2, 3, 4]')`,
    ),
    db.prepare('INSERT INTO user_restriction (user_id, max_age) VALUES (2, 12), (3, 6), (4, 0)'),
    db.prepare('INSERT INTO user_hidden (user_id, set_id) VALUES (2, 1)'),
    // Twenty tags and fifty people, some of them frequent.
    db.prepare(
      `INSERT INTO hidden_facet (set_id, facet_id) SELECT 1, id FROM facet
      WHERE (kind = 'tag' AND id % 50 = 7) OR (kind = 'person' AND id % 1000 = 3)`,
    ),
  ]);
}

/** Titles of the numbers from … to, with all that hangs on them. */
export async function seedItems(db: D1Database, from: number, to: number): Promise<void> {
  const statement = (sql: string) => db.prepare(sql).bind(from, to);
  await db.batch([
    statement(
      `${NUMBERS} INSERT INTO item (id, key, kind, browse, title, sort_title, year, lib_mask, added_at, duration_ms, images,
        rating, age, traits)
      SELECT n.i, 'movie:seed ' || n.i || ':2000', 'movie', 1, a.word || ' ' || b.word || ' ' || n.i,
        a.word || ' ' || b.word || ' ' || printf('%06d', n.i), 1950 + n.i % 76, CASE WHEN n.i % 10 = 0 THEN 2 ELSE 1 END,
        1700000000000 + n.i * 1000, 3600000 + n.i % 5000 * 1000, '{"poster":null,"backdrop":null,"thumb":null}',
        CAST(100 * ${chance(1)} AS INTEGER),
        CASE WHEN n.i * 7919 % 1000 < 8 THEN 0 WHEN n.i * 7919 % 1000 < 90 THEN 6 WHEN n.i * 7919 % 1000 < 600 THEN 12
          WHEN n.i * 7919 % 1000 < 900 THEN 16 END, '[]'
      FROM n CROSS JOIN bench_word a ON a.i = CAST(${WORDS} * ${chance(2)} AS INTEGER)
      CROSS JOIN bench_word b ON b.i = CAST(${WORDS} * ${chance(3)} AS INTEGER)`,
    ),
    statement(
      `INSERT INTO library_item (library_id, item_id, sort_title, year, added_at, rating, runtime, age)
      SELECT lib_mask, id, sort_title, year, added_at, rating, duration_ms, coalesce(age, 999) FROM item
      WHERE id BETWEEN ?1 AND ?2`,
    ),
    statement('INSERT INTO item_fts (rowid, title) SELECT id, title FROM item WHERE id BETWEEN ?1 AND ?2'),
    ...KINDS.flatMap(({ first, size, uses }, k) =>
      Array.from({ length: uses }, (_, use) =>
        statement(
          `${NUMBERS} INSERT OR IGNORE INTO item_facet (item_id, facet_id, place)
          SELECT n.i, ${first} + ${skewed(size, 10 * k + use + 20)}, ${10 * k + use} FROM n`,
        ),
      ),
    ),
    statement(
      `INSERT INTO facet_item (facet_id, added_at, item_id, browse, sort_title, year, rating, runtime, age, lib_mask)
      SELECT x.facet_id, i.added_at, i.id, 1, i.sort_title, i.year, i.rating, i.duration_ms, coalesce(i.age, 999), i.lib_mask
      FROM item i CROSS JOIN item_facet x ON x.item_id = i.id WHERE i.id BETWEEN ?1 AND ?2`,
    ),
  ]);
}

/** Titles that the person of the benchmark has begun. */
const BEGUN = 400;

/** The counts that ingest keeps in step, and what the planner wants to know. */
export async function seedCounts(db: D1Database): Promise<void> {
  await db.batch([
    db.prepare(
      `UPDATE facet SET items = c.n FROM (SELECT facet_id, count(*) AS n FROM facet_item GROUP BY 1) c WHERE id = c.facet_id`,
    ),
    db.prepare('UPDATE library SET items = (SELECT count(*) FROM library_item WHERE library_id = library.id)'),
    db.prepare(
      `INSERT OR REPLACE INTO watch_count (user_id, kind, ref_id, plays, watched_ms)
      SELECT 0, 'item', id, id % 997, id % 997 * 1000 FROM item WHERE id % 5 = 0`,
    ),
    db.prepare('DELETE FROM user_item'),
    // What a person has begun does not grow with the catalog.
    db.prepare(
      `INSERT INTO user_item (user_id, item_id, position_ms, plays, favorite, updated_at)
      SELECT 1, id, 60000, 1, id % 3 = 0, 1700000000000 + id FROM item
      WHERE id % ((SELECT max(id) FROM item) / ${BEGUN}) = 0`,
    ),
  ]);
}
