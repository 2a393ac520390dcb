-- What people who see little of the catalog see, kept as a list: walking the whole for a page would read all of it.
CREATE TABLE narrow_set (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- One text for all who see the same.
  rules TEXT NOT NULL UNIQUE,
  lib_mask INTEGER,
  max_age INTEGER,
  unrated INTEGER NOT NULL,
  hidden_set INTEGER,
  -- 'building', 'kept', 'wide' (it would hold too much, and holds nothing), 'leaving' (nobody has these rules).
  state TEXT NOT NULL,
  -- Items up to here are in a list that is building.
  after_id INTEGER NOT NULL DEFAULT 0,
  -- Its rows; of a wide one, how many it would have had of `titles`.
  items INTEGER NOT NULL DEFAULT 0,
  titles INTEGER NOT NULL DEFAULT 0,
  built_at INTEGER NOT NULL
);
-- With what pages sort and filter by, as facet_item.
CREATE TABLE narrow_item (
  set_id INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  sort_title TEXT NOT NULL,
  year INTEGER NOT NULL,
  rating INTEGER NOT NULL,
  runtime INTEGER NOT NULL,
  age INTEGER NOT NULL,
  lib_mask INTEGER NOT NULL,
  PRIMARY KEY (set_id, added_at, item_id)
) WITHOUT ROWID;

-- Few among many films, which a page of series alone would walk past.
CREATE INDEX item_series ON item (id) WHERE kind = 'series' AND deleted_at IS NULL;
-- No page sorts all libraries at once.
DROP INDEX item_rating;

-- 1 where an admin has said something of it (item_edit).
ALTER TABLE item ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
-- What admins said of titles: it holds against whatever files say.
CREATE TABLE item_edit (
  item_id INTEGER PRIMARY KEY,
  -- JSON of the fields that are set, also to null.
  fields TEXT NOT NULL,
  -- JSON array of the kinds of facets that are set, and of these facets as [key, role, character].
  facet_kinds TEXT NOT NULL,
  facets TEXT NOT NULL,
  edited_at INTEGER NOT NULL
);
-- No page lists facets by how much hangs on them, and each title moves a dozen of them in it.
DROP INDEX facet_items;
-- Without the count in its condition: each title moves the counts of a dozen, and would write it as often.
DROP INDEX facet_name;
CREATE INDEX facet_name ON facet (kind, sort_name, id);

-- Goes up whenever something that was shown to restricted people may not be any more: addresses of pictures that were
-- given out before it are worth nothing.
CREATE TABLE shown_epoch (
  id INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL
);
INSERT INTO shown_epoch (id, epoch) VALUES (1, 0);
