-- Nonces of signed requests that were dated ahead of our clock. The hot store may lose its memory and believe a time that is
-- later than the loss: these are remembered here until nobody accepts their time any more.
CREATE TABLE early_nonces (
  tenant_id text NOT NULL CHECK (tenant_id <> ''),
  id text NOT NULL,
  signed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX early_nonces_by_time ON early_nonces (tenant_id, signed_at DESC);
CREATE INDEX early_nonces_by_expiry ON early_nonces (expires_at);

ALTER TABLE early_nonces ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON early_nonces
  USING (tenant_id = current_setting('app.tenant_id', true))
  WITH CHECK (tenant_id = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON early_nonces TO countersign_app;
