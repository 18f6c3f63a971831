-- What model calls cost, by the UTC day in which they ended. It is what a principal is charged for, and what an account of the
-- token ledger is told when the store of accounts has forgotten it. Calls that broke off have no model: ''.
CREATE TABLE token_usage (
  tenant_id text NOT NULL CHECK (tenant_id <> ''),
  day date NOT NULL,
  principal_id text NOT NULL,
  model text NOT NULL,
  calls bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, principal_id, model)
);

ALTER TABLE token_usage ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON token_usage
  USING (tenant_id = current_setting('app.tenant_id', true))
  WITH CHECK (tenant_id = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON token_usage TO countersign_app;
