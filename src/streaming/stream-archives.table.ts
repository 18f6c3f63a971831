import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from '#src/storage/index.js';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Finished streams for late resumes. The first row of a stream decides how it ended. */
export const streamArchives = pgTable('stream_archives', {
  streamId: text('stream_id').primaryKey(),
  tenantId: text('tenant_id').notNull(),
  principalId: text('principal_id').notNull(),
  runId: text('run_id').notNull(),
  /** Larger than 1 when the log had been trimmed. */
  firstSeq: integer('first_seq').notNull(),
  lastSeq: integer('last_seq').notNull(),
  /** The frames as they were sent, raw deflate. */
  frames: bytea('frames').notNull(),
  finishedAt: instant('finished_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
});
