import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from '#src/storage/index.js';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Keys in use, by a digest of whose they are and of the key. */
export const idempotencyRecords = pgTable('idempotency_records', {
  id: text('id').primaryKey(),
  tenantId: text('tenant_id').notNull(),
  fingerprint: text('fingerprint').notNull(),
  holder: text('holder').notNull(),
  leaseUntil: instant('lease_until').notNull(),
  /** Encrypted; `null` while the first request runs. */
  answer: bytea('answer'),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
});
