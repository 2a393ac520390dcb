-- Profiles: people under one account who come in through it. Such a row has no password, and in `name` a name that
-- nobody types; what it is called is unique within its account only.
ALTER TABLE user ADD COLUMN account_id INTEGER;
ALTER TABLE user ADD COLUMN profile_name TEXT;
-- Of a profile, or of the account's own one.
ALTER TABLE user ADD COLUMN pin_hash TEXT;
-- Wrong PINs in a row, and when the last one was tried.
ALTER TABLE user ADD COLUMN pin_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN pin_tried_at INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX user_profile ON user (account_id, profile_name COLLATE NOCASE) WHERE account_id IS NOT NULL;
-- The profile that a sign-in is in; null is the account's own.
ALTER TABLE auth_session ADD COLUMN profile_id INTEGER;
