import { and, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Clock } from '#src/kernel/index.js';
import type { Sql, Tx } from '#src/storage/index.js';
import { judgeClaim, LEASE_MS } from '../claim.policy.js';
import { idempotencyRecords as records } from '../idempotency-records.table.js';
import { type Claimed, type Held, KeyRecords } from '../records.port.js';

const DAY_MS = 86_400_000;
const MIB = 1_048_576;

/** What one tenant may have stored. */
export interface TenantBounds {
  readonly records: number;
  readonly bytes: number;
}

/** More than a principal can make in a day within its request limit, and far less than a disk. */
const TENANT_BOUNDS: TenantBounds = { records: 200_000, bytes: 512 * MIB };

export class SqlRecords extends KeyRecords {
  readonly maxBodyBytes = MIB;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly bounds: TenantBounds = TENANT_BOUNDS,
  ) {
    super();
  }

  claim(held: Held): Promise<Claimed> {
    const row = this.running(held);
    return this.sql.tenant(held.name.tenantId, async (tx) => {
      const inserted = await tx.insert(records).values(row).onConflictDoNothing().returning({ id: records.id });
      return inserted.length > 0 ? { state: 'mine' } : this.judge(tx, held, row);
    });
  }

  keep(held: Held, answer: Uint8Array): Promise<void> {
    return this.sql.tenant(held.name.tenantId, async (tx) => {
      await tx
        .update(records)
        .set({ answer })
        .where(and(ownedBy(held), isNull(records.answer)));
    });
  }

  free(held: Held): Promise<void> {
    return this.sql.tenant(held.name.tenantId, async (tx) => {
      await tx.delete(records).where(ownedBy(held));
    });
  }

  renew(held: readonly Held[]): Promise<void> {
    const leaseUntil = new Date(this.clock.now() + LEASE_MS);
    const ids = held.map(({ name }) => name.id);
    const holders = held.map(({ holder }) => holder);
    return this.sql.system(async (tx) => {
      await tx
        .update(records)
        .set({ leaseUntil })
        .where(and(inArray(records.id, ids), inArray(records.holder, holders), isNull(records.answer)));
    });
  }

  sweep(): Promise<void> {
    const now = new Date(this.clock.now());
    const over = and(lt(records.expiresAt, now), or(isNotNull(records.answer), lt(records.leaseUntil, now)));
    return this.sql.system(async (tx) => {
      await tx.delete(records).where(over);
      await tx.execute(sql`DELETE FROM ${records} WHERE answer IS NOT NULL AND id IN (
        SELECT id FROM (
          SELECT id, row_number() OVER newest AS place, sum(coalesce(length(answer), 0)) OVER newest AS total
          FROM ${records} WINDOW newest AS (PARTITION BY tenant_id ORDER BY created_at DESC, id)
        ) AS ranked WHERE place > ${this.bounds.records} OR total > ${this.bounds.bytes})`);
    });
  }

  private async judge(tx: Tx, held: Held, row: ReturnType<SqlRecords['running']>): Promise<Claimed> {
    const [found] = await tx.select().from(records).where(eq(records.id, row.id)).for('update');
    // Freed between the two statements: it is looked at again soon.
    if (found === undefined) return { state: 'running' };
    const kept = {
      fingerprint: found.fingerprint,
      answer: found.answer ?? undefined,
      leaseUntil: found.leaseUntil.getTime(),
      expiresAt: found.expiresAt.getTime(),
    };
    const verdict = judgeClaim(kept, held.name.fingerprint, this.clock.now());
    if (verdict === 'stored') return { state: 'stored', answer: kept.answer ?? new Uint8Array(), holder: found.holder };
    if (verdict !== 'free') return { state: verdict };
    await tx
      .update(records)
      .set({ ...row, answer: null })
      .where(eq(records.id, row.id));
    return { state: 'mine' };
  }

  private running({ name: { id, tenantId, fingerprint }, holder }: Held) {
    const now = this.clock.now();
    const [leaseUntil, createdAt, expiresAt] = [new Date(now + LEASE_MS), new Date(now), new Date(now + DAY_MS)];
    return { id, tenantId, fingerprint, holder, leaseUntil, createdAt, expiresAt };
  }
}

const ownedBy = ({ name, holder }: Held) => and(eq(records.id, name.id), eq(records.holder, holder));
