import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Work that is not done. */
export const jobs = pgTable('jobs', {
  id: text('id').primaryKey(),
  tenantId: text('tenant_id').notNull(),
  principalId: text('principal_id').notNull(),
  kind: text('kind').notNull(),
  /** The process that does it. */
  holder: text('holder').notNull(),
  /** Until then nobody else does; after a failure, until then nobody does. */
  leaseUntil: instant('lease_until').notNull(),
  /** How often it was begun. */
  attempts: integer('attempts').notNull(),
  createdAt: instant('created_at').notNull(),
});
