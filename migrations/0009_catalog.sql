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

-- Facets of which people with a narrow list may see something. One too many is possible, since a facet is asked for its
-- titles all the same; one too few is not.
CREATE TABLE narrow_facet (
  set_id INTEGER NOT NULL,
  facet_id INTEGER NOT NULL,
  PRIMARY KEY (set_id, facet_id)
) WITHOUT ROWID;
-- 1 where narrow_facet is kept with it.
ALTER TABLE narrow_set ADD COLUMN faceted INTEGER NOT NULL DEFAULT 0;

-- When a claim said it last, to the day: what nobody says any more is swept.
ALTER TABLE description ADD COLUMN said_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE image ADD COLUMN said_at INTEGER NOT NULL DEFAULT 0;
