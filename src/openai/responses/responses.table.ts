import { boolean, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { ResponseStatus } from './response.schema.js';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Responses that their caller wants kept. Texts are JSON. */
export const responses = pgTable('responses', {
  id: text('id').primaryKey(),
  tenantId: text('tenant_id').notNull(),
  principalId: text('principal_id').notNull(),
  runId: text('run_id').notNull(),
  streamId: text('stream_id'),
  previousId: text('previous_id'),
  status: text('status').$type<ResponseStatus>().notNull(),
  /** Whether anything of the answer may have been seen. */
  told: boolean('told').notNull(),
  request: text('request').notNull(),
  input: text('input').notNull(),
  answer: text('answer').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
});

export type ResponseRow = typeof responses.$inferSelect;
