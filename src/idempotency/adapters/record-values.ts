import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Row } from '#src/storage/index.js';
import type { KeptRecord } from '../claim.policy.js';

/** One value of a statement, however many they are. */
export const texts = (values: readonly string[]): SQL => sql`${sql.param(values)}::text[]`;

/** @param ms Unix ms */
export const instant = (ms: number): SQL => sql`${new Date(ms).toISOString()}::timestamptz`;

/** Drivers do not agree on what an instant is read as. */
export const unixMs = (column: AnyPgColumn): SQL => sql`(extract(epoch FROM ${column}) * 1000)::float8`;

/** Of a row with times as {@link unixMs}. */
export function keptOf(row: Row): KeptRecord & { readonly holder: string } {
  const [fingerprint, holder] = [String(row['fingerprint']), String(row['holder'])];
  const answer = row['answer'] instanceof Uint8Array ? row['answer'] : undefined;
  return { fingerprint, holder, answer, leaseUntil: Number(row['lease_until']), expiresAt: Number(row['expires_at']) };
}
