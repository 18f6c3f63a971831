-- A job that was accepted for others was not begun yet.
ALTER TABLE jobs DROP CONSTRAINT jobs_attempts_check, ADD CONSTRAINT jobs_attempts_check CHECK (attempts >= 0);
