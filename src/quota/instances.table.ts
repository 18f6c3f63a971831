import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** The processes that are here, each until it does not say so any more. */
export const instances = pgTable('instances', {
  id: text('id').primaryKey(),
  presentUntil: timestamp('present_until', { withTimezone: true, mode: 'date' }).notNull(),
});
