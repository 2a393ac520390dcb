-- What sidecar files and tags say of titles, stored once for however many files say the same.
CREATE TABLE description (
  hash TEXT PRIMARY KEY,
  -- Tenths, 0 to 100.
  rating INTEGER,
  -- The youngest age that may watch it, of its certification.
  age INTEGER,
  sort_title TEXT,
  -- JSON: texts, external ids, and facets as [key, role, character].
  body TEXT NOT NULL
) WITHOUT ROWID;

ALTER TABLE item ADD COLUMN rating INTEGER;
ALTER TABLE item ADD COLUMN age INTEGER;
-- The description that holds for it.
ALTER TABLE item ADD COLUMN described TEXT;
-- JSON array of the facets that its live files give it: resolution, codec, languages, sites.
ALTER TABLE item ADD COLUMN traits TEXT;
-- 1 where other items' people data are shown with it (item_alias).
ALTER TABLE item ADD COLUMN merged INTEGER NOT NULL DEFAULT 0;
CREATE INDEX item_rating ON item (rating, id) WHERE browse = 1 AND deleted_at IS NULL AND rating IS NOT NULL;

ALTER TABLE library_item ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library_item ADD COLUMN runtime INTEGER NOT NULL DEFAULT 0;
-- 999 where nothing is known.
ALTER TABLE library_item ADD COLUMN age INTEGER NOT NULL DEFAULT 999;
-- With what grids filter by at the end: a page touches no row that it does not show.
DROP INDEX library_item_added;
DROP INDEX library_item_title;
DROP INDEX library_item_year;
CREATE INDEX library_item_added ON library_item (library_id, added_at, item_id, age, year, rating);
CREATE INDEX library_item_title ON library_item (library_id, sort_title, item_id, age, year, rating);
CREATE INDEX library_item_year ON library_item (library_id, year, item_id, age, rating);
CREATE INDEX library_item_rating ON library_item (library_id, rating, item_id, age, year);
CREATE INDEX library_item_runtime ON library_item (library_id, runtime, item_id, age, year, rating);

-- Whatever titles have in common: genres, tags, people, studios, collections, and traits of their files.
CREATE TABLE facet (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Kind and normalised name.
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  sort_name TEXT NOT NULL,
  -- Rows of facet_item.
  items INTEGER NOT NULL DEFAULT 0,
  -- The mark of the transaction that made it.
  born INTEGER NOT NULL
);
CREATE INDEX facet_name ON facet (kind, sort_name, id) WHERE items > 0;
CREATE INDEX facet_items ON facet (kind, items, id) WHERE items > 0;

CREATE TABLE item_facet (
  item_id INTEGER NOT NULL,
  facet_id INTEGER NOT NULL,
  -- Of a person, separated by commas.
  role TEXT,
  character TEXT,
  place INTEGER NOT NULL,
  PRIMARY KEY (item_id, facet_id)
) WITHOUT ROWID;

-- The other way round, with what pages filter and sort by: a page of a facet touches no other row.
CREATE TABLE facet_item (
  facet_id INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  browse INTEGER NOT NULL,
  sort_title TEXT NOT NULL,
  year INTEGER NOT NULL,
  rating INTEGER NOT NULL,
  runtime INTEGER NOT NULL,
  age INTEGER NOT NULL,
  lib_mask INTEGER NOT NULL,
  PRIMARY KEY (facet_id, added_at, item_id)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE facet_fts USING fts5(
  name, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);

-- Words of titles and names, and what is left of each when one letter is lost: how a typo finds its word.
CREATE TABLE term (
  term TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE term_del (
  rest TEXT NOT NULL,
  term TEXT NOT NULL,
  PRIMARY KEY (rest, term)
) WITHOUT ROWID;

-- More names of an item than its key: external ids, and titles that were found to be the same.
CREATE TABLE item_key (
  key TEXT PRIMARY KEY,
  item_id INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX item_key_item ON item_key (item_id);

-- Items that were found to be another one: their files went there, people's data stay and are shown there.
CREATE TABLE item_alias (
  item_id INTEGER PRIMARY KEY,
  target_id INTEGER NOT NULL,
  -- 1 where an admin said so.
  by_hand INTEGER NOT NULL,
  made_at INTEGER NOT NULL
);
CREATE INDEX item_alias_target ON item_alias (target_id);

-- Pairs that an admin took apart: they are not found to be the same again.
CREATE TABLE item_apart (
  low_id INTEGER NOT NULL,
  high_id INTEGER NOT NULL,
  PRIMARY KEY (low_id, high_id)
) WITHOUT ROWID;

-- What people may not see beside their libraries and ages; all who have the same rules share one set.
CREATE TABLE rset (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The facets' ids in order, separated by commas.
  rules TEXT NOT NULL UNIQUE
);
CREATE TABLE hidden_facet (
  set_id INTEGER NOT NULL,
  facet_id INTEGER NOT NULL,
  PRIMARY KEY (set_id, facet_id)
) WITHOUT ROWID;
CREATE TABLE user_hidden (
  user_id INTEGER PRIMARY KEY,
  set_id INTEGER NOT NULL
);

-- 1 to 10, null for none.
ALTER TABLE user_item ADD COLUMN rating INTEGER;
CREATE INDEX user_item_recent ON user_item (user_id, updated_at);
CREATE INDEX user_item_favorite ON user_item (user_id, item_id) WHERE favorite = 1;

CREATE TABLE history (
  user_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  PRIMARY KEY (user_id, at, item_id)
) WITHOUT ROWID;

CREATE TABLE playlist (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  items INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL
);
CREATE INDEX playlist_user ON playlist (user_id, name);
CREATE TABLE playlist_item (
  playlist_id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  PRIMARY KEY (playlist_id, place)
) WITHOUT ROWID;

-- How often and how long things were watched to the end. User 0 is everybody together.
CREATE TABLE watch_count (
  user_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  -- An item or a facet, by kind.
  ref_id INTEGER NOT NULL,
  plays INTEGER NOT NULL,
  watched_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, kind, ref_id)
) WITHOUT ROWID;
CREATE INDEX watch_count_plays ON watch_count (user_id, kind, plays, ref_id);
CREATE INDEX watch_count_time ON watch_count (user_id, kind, watched_ms, ref_id);
CREATE TABLE watch_day (
  user_id INTEGER NOT NULL,
  -- Days since 1970, in UTC.
  day INTEGER NOT NULL,
  plays INTEGER NOT NULL,
  watched_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, day)
) WITHOUT ROWID;

-- What is brought from an older schema in pieces: where each job stands.
CREATE TABLE backfill (
  job TEXT PRIMARY KEY,
  after_id INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO backfill (job, after_id) SELECT 'files', 0 WHERE EXISTS (SELECT 1 FROM file);
