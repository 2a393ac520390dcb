-- How much one person may take of the machines and of the lines between; no row, and null, is no limit.
CREATE TABLE user_limit (
  user_id INTEGER PRIMARY KEY,
  max_streams INTEGER,
  max_remote_kbps INTEGER
);

-- Kbit/s of a site's line for viewers elsewhere; null is no limit.
ALTER TABLE site ADD COLUMN uplink_kbps INTEGER;
