import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { RunStatus } from './stream-end.policy.js';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Every piece of model work the service did, streamed or not. */
export const runs = pgTable('runs', {
  id: text('id').primaryKey(),
  tenantId: text('tenant_id').notNull(),
  principalId: text('principal_id').notNull(),
  kind: text('kind').notNull(),
  status: text('status').$type<RunStatus>().notNull(),
  streamId: text('stream_id'),
  requestSha256: text('request_sha256').notNull(),
  result: jsonb('result'),
  /** Code of the error table. */
  problem: text('problem'),
  usage: jsonb('usage'),
  /** Which process did it. */
  instance: text('instance').notNull(),
  createdAt: instant('created_at').notNull(),
  finishedAt: instant('finished_at'),
});

export type RunRow = typeof runs.$inferSelect;
