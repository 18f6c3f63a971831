-- Work that survives the process that accepted it, one row each while it is not done. A row names its work and holds nothing of
-- it. Whoever holds the lease does it; `lease_until` is also when a job that failed is due again.
CREATE TABLE jobs (
  id text PRIMARY KEY,
  tenant_id text NOT NULL CHECK (tenant_id <> ''),
  principal_id text NOT NULL,
  kind text NOT NULL,
  holder text NOT NULL,
  lease_until timestamptz NOT NULL,
  attempts integer NOT NULL CHECK (attempts >= 1),
  created_at timestamptz NOT NULL
);
CREATE INDEX jobs_due ON jobs (lease_until);

ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON jobs
  USING (tenant_id = current_setting('app.tenant_id', true))
  WITH CHECK (tenant_id = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO countersign_app;
