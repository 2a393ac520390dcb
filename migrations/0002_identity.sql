-- People: an account that is turned off keeps its data; tokens made before signed_out_at are worth nothing.
ALTER TABLE user ADD COLUMN disabled_at INTEGER;
ALTER TABLE user ADD COLUMN signed_out_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE auth_session ADD COLUMN address TEXT;
CREATE INDEX auth_session_user ON auth_session (user_id, ended_at);

-- No row is no limit; so is null. lib_mask is the sum of 1 << library.bit of what the person sees.
CREATE TABLE user_restriction (
  user_id INTEGER PRIMARY KEY,
  lib_mask INTEGER,
  max_age INTEGER
);

CREATE TABLE invitation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  code_hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  lib_mask INTEGER,
  max_age INTEGER,
  note TEXT NOT NULL,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  used_by TEXT,
  revoked_at INTEGER
);

-- One live code a person: a new one replaces it.
CREATE TABLE reset_code (
  user_id INTEGER PRIMARY KEY,
  code_hash TEXT NOT NULL UNIQUE,
  expires_at INTEGER NOT NULL
);

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  ended_at INTEGER
);
CREATE INDEX api_key_user ON api_key (user_id) WHERE ended_at IS NULL;

-- Generations of the key that signs access tokens. The keys themselves are derived from the deployment's secret.
CREATE TABLE signing_key (
  generation INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL
);
INSERT INTO signing_key (generation, created_at) VALUES (1, 0);

-- Televisions and other devices that wait to be let in.
CREATE TABLE pairing (
  device_hash TEXT PRIMARY KEY,
  user_code_hash TEXT NOT NULL UNIQUE,
  device TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  polled_at INTEGER NOT NULL DEFAULT 0,
  interval_s INTEGER NOT NULL,
  approved_by INTEGER,
  used_at INTEGER
);

-- Who did what. Names are kept as they were: the people may be gone.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  actor_id INTEGER,
  actor TEXT NOT NULL,
  subject TEXT NOT NULL,
  address TEXT NOT NULL
);
CREATE INDEX audit_event ON audit (event, id);
CREATE INDEX audit_actor ON audit (actor_id, id);
CREATE INDEX audit_at ON audit (at);
