-- Tables of a tenant show their rows to transactions of that tenant only: those run as countersign_app, which owns nothing
-- and bypasses nothing. The owner of the tables sees everything; it is used by start-up, sweeps and credential look-ups.

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  tenant_id text NOT NULL CHECK (tenant_id <> ''),
  name text NOT NULL,
  kind text NOT NULL,
  roles text[] NOT NULL,
  secret_hash bytea NOT NULL,
  previous_hash bytea,
  previous_until timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  CHECK ((previous_hash IS NULL) = (previous_until IS NULL))
);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id, id DESC);

CREATE TABLE runs (
  id text PRIMARY KEY,
  tenant_id text NOT NULL CHECK (tenant_id <> ''),
  principal_id text NOT NULL,
  kind text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'completed', 'failed', 'cancelled')),
  stream_id text,
  request_sha256 text NOT NULL,
  result jsonb,
  problem text,
  usage jsonb,
  instance text NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX runs_by_tenant ON runs (tenant_id, created_at DESC, id DESC);
CREATE INDEX runs_by_stream ON runs (stream_id) WHERE stream_id IS NOT NULL;
CREATE INDEX runs_unfinished ON runs (created_at) WHERE status = 'running';

CREATE TABLE stream_archives (
  stream_id text PRIMARY KEY,
  tenant_id text NOT NULL CHECK (tenant_id <> ''),
  principal_id text NOT NULL,
  run_id text NOT NULL,
  first_seq integer NOT NULL CHECK (first_seq >= 1),
  last_seq integer NOT NULL CHECK (last_seq >= first_seq - 1),
  frames bytea NOT NULL,
  finished_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX stream_archives_by_run ON stream_archives (run_id);
CREATE INDEX stream_archives_by_expiry ON stream_archives (expires_at);
-- Frames arrive compressed.
ALTER TABLE stream_archives ALTER COLUMN frames SET STORAGE EXTERNAL;

-- Of the system, not of a tenant: nothing is granted on it.
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  public_jwk jsonb NOT NULL,
  created_at timestamptz NOT NULL
);

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_archives ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON api_keys
  USING (tenant_id = current_setting('app.tenant_id', true))
  WITH CHECK (tenant_id = current_setting('app.tenant_id', true));
CREATE POLICY own_tenant ON runs
  USING (tenant_id = current_setting('app.tenant_id', true))
  WITH CHECK (tenant_id = current_setting('app.tenant_id', true));
CREATE POLICY own_tenant ON stream_archives
  USING (tenant_id = current_setting('app.tenant_id', true))
  WITH CHECK (tenant_id = current_setting('app.tenant_id', true));

GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys, runs, stream_archives TO countersign_app;
