-- The list of what little a person sees by title, with what pages filter by; and whether a title is in it.
CREATE INDEX narrow_item_title ON narrow_item (set_id, sort_title, item_id, year, rating, age, lib_mask);
CREATE INDEX narrow_item_item ON narrow_item (set_id, item_id, lib_mask);
-- Content of which a copy is gone: where it comes back under another name, it is still known.
CREATE INDEX file_lost ON file (fingerprint) WHERE deleted_at IS NOT NULL AND fingerprint IS NOT NULL;
