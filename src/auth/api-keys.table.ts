import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from '#src/storage/index.js';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * API keys by public id. Of a secret there are SHA-256 digests, never itself; of one that signs requests it is there too,
 * sealed under `HMAC_SEALING_KEY`.
 */
export const apiKeys = pgTable('api_keys', {
  id: text('id').primaryKey(),
  tenantId: text('tenant_id').notNull(),
  name: text('name').notNull(),
  kind: text('kind').notNull(),
  roles: text('roles').array().notNull(),
  secretHash: bytea('secret_hash').notNull(),
  previousHash: bytea('previous_hash'),
  sealedSecret: bytea('sealed_secret'),
  previousSealed: bytea('previous_sealed'),
  previousUntil: instant('previous_until'),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
});

export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type NewApiKeyRow = typeof apiKeys.$inferInsert;
