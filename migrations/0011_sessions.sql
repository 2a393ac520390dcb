-- Viewers may not come to the machine itself; null where nobody has said so.
ALTER TABLE agent ADD COLUMN direct_off INTEGER;
