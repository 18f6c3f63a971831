import { bigint, date, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

const count = (name: string) => bigint(name, { mode: 'number' }).notNull();

/** What model calls cost, by tenant, UTC day, principal and model. */
export const tokenUsage = pgTable(
  'token_usage',
  {
    tenantId: text('tenant_id').notNull(),
    /** `2026-01-31` */
    day: date('day', { mode: 'string' }).notNull(),
    principalId: text('principal_id').notNull(),
    /** As its provider names it; empty for calls that broke off. */
    model: text('model').notNull(),
    calls: count('calls'),
    inputTokens: count('input_tokens'),
    outputTokens: count('output_tokens'),
    costNanodollars: count('cost_nanodollars'),
  },
  ({ tenantId, day, principalId, model }) => [primaryKey({ columns: [tenantId, day, principalId, model] })],
);
