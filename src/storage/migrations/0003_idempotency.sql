-- One row for each Idempotency-Key in use. Neither the key nor the request is kept: the id is a digest of whose key it is and
-- of the key, the answer is encrypted under the request itself. No answer: the first request is still running.
CREATE TABLE idempotency_records (
  id text PRIMARY KEY,
  tenant_id text NOT NULL CHECK (tenant_id <> ''),
  fingerprint text NOT NULL,
  holder text NOT NULL,
  lease_until timestamptz NOT NULL,
  answer bytea,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX idempotency_records_by_tenant ON idempotency_records (tenant_id, created_at DESC);
CREATE INDEX idempotency_records_by_expiry ON idempotency_records (expires_at);
-- Answers arrive encrypted, so there is nothing to compress.
ALTER TABLE idempotency_records ALTER COLUMN answer SET STORAGE EXTERNAL;

ALTER TABLE idempotency_records ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON idempotency_records
  USING (tenant_id = current_setting('app.tenant_id', true))
  WITH CHECK (tenant_id = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_records TO countersign_app;
