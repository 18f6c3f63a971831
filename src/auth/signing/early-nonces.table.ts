import { pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Nonces of requests that were dated ahead of our clock, by the key that signed and the nonce. */
export const earlyNonces = pgTable(
  'early_nonces',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    signedAt: instant('signed_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  ({ tenantId, id }) => [primaryKey({ columns: [tenantId, id] })],
);
