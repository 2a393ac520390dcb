-- Identity
CREATE TABLE user (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE auth_session (
  id TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL,
  device TEXT NOT NULL,
  refresh_hash TEXT NOT NULL UNIQUE,
  previous_hash TEXT UNIQUE,
  rotated_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER
);
CREATE INDEX auth_session_ended ON auth_session (ended_at) WHERE ended_at IS NOT NULL;

-- Fleet
CREATE TABLE site (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  created_at INTEGER NOT NULL
);

CREATE TABLE agent (
  id TEXT PRIMARY KEY,
  site_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  version TEXT,
  capabilities TEXT,
  last_seen_at INTEGER,
  sync_epoch TEXT,
  sync_revision INTEGER NOT NULL DEFAULT 0,
  -- 0 while files of an older epoch may be left.
  sync_complete INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  removed_at INTEGER
);

-- Epochs that an agent has begun. One that it left never comes back: a late duplicate would rewind the cursor.
CREATE TABLE agent_epoch (
  agent_id TEXT NOT NULL,
  epoch TEXT NOT NULL,
  PRIMARY KEY (agent_id, epoch)
) WITHOUT ROWID;

CREATE TABLE enrolment (
  code_hash TEXT PRIMARY KEY,
  site_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  agent_id TEXT
);

-- Libraries: at most 53 are alive, since a restriction is a mask of their bits.
CREATE TABLE library (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE,
  bit INTEGER NOT NULL UNIQUE,
  -- How many rows library_item has for it: counting them would read each one.
  items INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
);
CREATE UNIQUE INDEX library_name ON library (name) WHERE deleted_at IS NULL;

CREATE TABLE root (
  agent_id TEXT NOT NULL,
  id TEXT NOT NULL,
  library_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  scan TEXT,
  scan_at INTEGER,
  PRIMARY KEY (agent_id, id)
) WITHOUT ROWID;
CREATE INDEX root_library ON root (library_id);

-- Catalog. Ids are never used again: people's data hang on them.
CREATE TABLE item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  browse INTEGER NOT NULL,
  parent_id INTEGER,
  root_id INTEGER,
  season INTEGER,
  idx INTEGER,
  title TEXT NOT NULL,
  sort_title TEXT NOT NULL,
  year INTEGER,
  lib_mask INTEGER NOT NULL DEFAULT 0,
  added_at INTEGER NOT NULL,
  duration_ms INTEGER,
  -- Live episodes below a series or a season.
  episodes INTEGER,
  images TEXT,
  chg INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER
);
CREATE INDEX item_title ON item (sort_title, id) WHERE browse = 1 AND deleted_at IS NULL;
CREATE INDEX item_episode ON item (root_id, season, idx, lib_mask) WHERE kind = 'episode' AND deleted_at IS NULL;
CREATE INDEX item_parent ON item (parent_id, season, idx) WHERE parent_id IS NOT NULL;

-- What the grid of a library shows, in each of its orders: live rows of item with browse = 1.
CREATE TABLE library_item (
  library_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  sort_title TEXT NOT NULL,
  -- 0 where it is not known: null has no place in a keyset.
  year INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (library_id, item_id)
) WITHOUT ROWID;
CREATE INDEX library_item_added ON library_item (library_id, added_at, item_id);
CREATE INDEX library_item_title ON library_item (library_id, sort_title, item_id);
CREATE INDEX library_item_year ON library_item (library_id, year, item_id);

-- Wide columns apart: pages of cards never touch them.
CREATE TABLE item_detail (
  item_id INTEGER PRIMARY KEY,
  overview TEXT
);

CREATE VIRTUAL TABLE item_fts USING fts5(
  title, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);

-- Claims of agents, ordered by their own (epoch, revision) only.
CREATE TABLE file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  agent_id TEXT NOT NULL,
  root TEXT NOT NULL,
  path_hash TEXT NOT NULL,
  epoch TEXT NOT NULL,
  rev INTEGER NOT NULL,
  item_id INTEGER,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime_ms INTEGER NOT NULL,
  fingerprint TEXT,
  problem TEXT,
  problem_detail TEXT,
  deleted_at INTEGER,
  duration_ms INTEGER,
  -- What the claim says of its item (titles, year), from which the item is derived.
  work TEXT,
  images TEXT,
  -- Last, since it is wide: the columns before it are read without it.
  media TEXT,
  UNIQUE (agent_id, root, path_hash)
);
CREATE INDEX file_item ON file (item_id) WHERE deleted_at IS NULL;
CREATE INDEX file_fingerprint ON file (fingerprint) WHERE deleted_at IS NULL;
CREATE INDEX file_problem ON file (agent_id, root, id) WHERE problem IS NOT NULL AND deleted_at IS NULL;

-- Which agent can make a picture, from which of its files.
CREATE TABLE image (
  id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  PRIMARY KEY (id, agent_id)
) WITHOUT ROWID;

-- What people did. Soft-deleted items keep it.
CREATE TABLE user_item (
  user_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  position_ms INTEGER NOT NULL DEFAULT 0,
  played INTEGER NOT NULL DEFAULT 0,
  plays INTEGER NOT NULL DEFAULT 0,
  favorite INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, item_id)
) WITHOUT ROWID;
CREATE INDEX user_item_continue ON user_item (user_id, updated_at) WHERE position_ms > 0 AND played = 0;

-- What a person saw below a series or a season; of a series also the episode that was finished last.
CREATE TABLE user_parent (
  user_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  played INTEGER NOT NULL,
  last_season INTEGER,
  last_idx INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, item_id)
) WITHOUT ROWID;
CREATE INDEX user_parent_recent ON user_parent (user_id, updated_at) WHERE last_season IS NOT NULL;
