-- What the owner decided; what is not here has its default.
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  -- JSON.
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Backups that were made here; the files lie in the bucket.
CREATE TABLE backup (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The object's name in the bucket.
  object TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  -- 'schedule' or 'person'.
  made_by TEXT NOT NULL,
  state TEXT NOT NULL,
  bytes INTEGER,
  records INTEGER,
  error TEXT
);
CREATE INDEX backup_at ON backup (at);

-- While a backup is restored: the number that a row had in the file, and the one that it has here.
CREATE TABLE restored (
  kind TEXT NOT NULL,
  old INTEGER NOT NULL,
  new INTEGER NOT NULL,
  PRIMARY KEY (kind, old)
) WITHOUT ROWID;
