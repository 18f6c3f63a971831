import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from '#src/storage/index.js';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** API keys by public id. The secret itself is nowhere: only SHA-256 digests of it. */
export const apiKeys = pgTable('api_keys', {
  id: text('id').primaryKey(),
  tenantId: text('tenant_id').notNull(),
  name: text('name').notNull(),
  kind: text('kind').notNull(),
  roles: text('roles').array().notNull(),
  secretHash: bytea('secret_hash').notNull(),
  previousHash: bytea('previous_hash'),
  previousUntil: instant('previous_until'),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
});

export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type NewApiKeyRow = typeof apiKeys.$inferInsert;
