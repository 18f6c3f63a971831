-- Responses that their caller wants kept: what was asked, what was answered, which response came before. Texts are JSON. While
-- `status` says that one runs, its row of `runs` tells what became of it: the process may be gone.
CREATE TABLE responses (
  id text PRIMARY KEY,
  tenant_id text NOT NULL CHECK (tenant_id <> ''),
  principal_id text NOT NULL,
  run_id text NOT NULL,
  stream_id text,
  previous_id text,
  status text NOT NULL CHECK (status IN ('queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled')),
  -- Whether anything of the answer may have been seen.
  told boolean NOT NULL,
  request text NOT NULL,
  input text NOT NULL,
  answer text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX responses_by_tenant ON responses (tenant_id, created_at DESC);
CREATE INDEX responses_by_expiry ON responses (expires_at);

ALTER TABLE responses ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON responses
  USING (tenant_id = current_setting('app.tenant_id', true))
  WITH CHECK (tenant_id = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON responses TO countersign_app;
