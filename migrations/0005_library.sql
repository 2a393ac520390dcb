-- How often everything is looked at again, in minutes; null goes by each machine's own settings.
ALTER TABLE library ADD COLUMN rescan_minutes INTEGER;
-- How changes in it are seen: ok, polling, failed.
ALTER TABLE root ADD COLUMN watch TEXT;
-- What comes along with a title, below it and in no grid: trailer, deleted, behindthescenes and so on.
ALTER TABLE item ADD COLUMN extra TEXT;

-- Scans of one root, each from its beginning to its end. At most a few hundred a root are kept.
CREATE TABLE scan_run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  agent_id TEXT NOT NULL,
  root TEXT NOT NULL,
  -- As its agent names it.
  run TEXT NOT NULL,
  library_id INTEGER,
  trigger TEXT NOT NULL,
  full INTEGER NOT NULL,
  -- Who asked for it: a person's name, or a webhook's.
  asked_by TEXT,
  -- waiting, running, done, failed, stopped, or interrupted where nobody heard of its end.
  state TEXT NOT NULL,
  phase TEXT NOT NULL,
  total INTEGER,
  done INTEGER NOT NULL,
  read INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  held INTEGER NOT NULL,
  problems INTEGER NOT NULL,
  message TEXT,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ended_at INTEGER,
  UNIQUE (agent_id, root, run)
);
CREATE INDEX scan_run_root ON scan_run (agent_id, root, id);
CREATE INDEX scan_run_library ON scan_run (library_id, id);
CREATE INDEX scan_run_open ON scan_run (agent_id, root) WHERE ended_at IS NULL;

-- Addresses at which other programs ask for a scan. The word in them is kept as its SHA-256 only.
CREATE TABLE scan_hook (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- Null is every library.
  library_id INTEGER,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
);
