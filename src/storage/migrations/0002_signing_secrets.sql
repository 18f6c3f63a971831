-- A signature is checked with the secret itself, not with a digest of it: keys that sign requests keep theirs encrypted, under
-- a key that is not in the database. Keys of the other kind have none.
ALTER TABLE api_keys
  ADD COLUMN sealed_secret bytea,
  ADD COLUMN previous_sealed bytea,
  ADD CHECK (previous_sealed IS NULL OR (previous_hash IS NOT NULL AND sealed_secret IS NOT NULL));
