import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { PublicJwk } from './public-jwk.schema.js';

/** Public keys of every instance that ever signed something: no row is deleted while its signatures may be checked. */
export const signingKeys = pgTable('signing_keys', {
  kid: text('kid').primaryKey(),
  publicJwk: jsonb('public_jwk').$type<PublicJwk>().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
});
