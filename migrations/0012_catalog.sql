-- Folders that were put into another library, or into none: how far their files were brought to it. A folder that is in
-- no library has library_id 0 in `root`.
CREATE TABLE root_move (
  agent_id TEXT NOT NULL,
  root TEXT NOT NULL,
  -- The library that it left.
  library_id INTEGER NOT NULL,
  -- Files up to this path hash are done.
  after_hash TEXT NOT NULL,
  PRIMARY KEY (agent_id, root, library_id)
) WITHOUT ROWID;
