/** Raised with any change of the tables, or of what is read of a film: an index of another version is thrown away and made anew by a scan. */
export const INDEX_VERSION = 4;

/**
 * A cache of 8 MB and no mapping: an agent shares its machine with others, and every page that SQLite keeps or
 * maps counts as the agent's memory. A scan reads folder by folder, which gains nothing from more.
 */
export const PRAGMAS = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -8192;
PRAGMA temp_store = MEMORY;
PRAGMA busy_timeout = 5000;
`;

/**
 * `file` holds one row for each media file that was ever seen; what went away stays as `gone`, so that it can
 * be told to the edge and comes back without being probed. `folder` holds what was gone through to its end: a scan
 * passes over a folder whose signature is still the same. `rev` numbers the rows in the order of their changes.
 */
export const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (
  root TEXT NOT NULL,
  path_hash TEXT NOT NULL,
  dir TEXT NOT NULL,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime_ms INTEGER NOT NULL,
  fingerprint TEXT,
  work TEXT,
  artwork TEXT,
  subtitles TEXT,
  metadata TEXT,
  media TEXT,
  embedded TEXT,
  thumb TEXT,
  problem TEXT,
  detail TEXT,
  gone INTEGER NOT NULL DEFAULT 0,
  rev INTEGER NOT NULL,
  UNIQUE (root, path_hash)
);
CREATE UNIQUE INDEX file_rev ON file (rev);
CREATE INDEX file_dir ON file (root, dir, gone);
CREATE INDEX file_fingerprint ON file (fingerprint) WHERE media IS NOT NULL;
CREATE INDEX file_thumb ON file (thumb) WHERE thumb IS NOT NULL;
CREATE TABLE picture (
  root TEXT NOT NULL,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime_ms INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (root, path)
) WITHOUT ROWID;
CREATE INDEX picture_id ON picture (id);
CREATE TABLE sidecar (
  root TEXT NOT NULL,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime_ms INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (root, path)
) WITHOUT ROWID;
CREATE TABLE folder (
  root TEXT NOT NULL,
  dir TEXT NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY (root, dir)
) WITHOUT ROWID;
`;
