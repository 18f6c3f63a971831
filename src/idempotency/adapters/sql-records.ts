import { and, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { type Clock, GroupedWrites } from '#src/kernel/index.js';
import type { Sql } from '#src/storage/index.js';
import { judgeClaim, LEASE_MS } from '../claim.policy.js';
import { idempotencyRecords as records } from '../idempotency-records.table.js';
import { type Claimed, type Held, KeyRecords } from '../records.port.js';
import { instant, keptOf, texts, unixMs } from './record-values.js';

const DAY_MS = 86_400_000;
const MIB = 1_048_576;
const NO_BYTES = new Uint8Array();

/** What one tenant may have stored. */
export interface TenantBounds {
  readonly records: number;
  readonly bytes: number;
}

/** More than a principal can make in a day within its request limit, and far less than a disk. */
const TENANT_BOUNDS: TenantBounds = { records: 200_000, bytes: 512 * MIB };

/** As many as one statement takes without being felt by others. */
const CLAIMS_AT_ONCE = 250;
const ANSWER_BYTES_AT_ONCE = MIB;

interface Answered {
  readonly held: Held;
  readonly answer: Uint8Array;
}

/** What a tenant's requests claim and answer at the same time is written together, each kind by one statement. */
export class SqlRecords extends KeyRecords {
  readonly maxBodyBytes = MIB;
  private readonly claims = new GroupedWrites((tenantId, held: readonly Held[]) => this.insert(tenantId, held), {
    weigh: () => 1,
    most: CLAIMS_AT_ONCE,
  });
  private readonly answers = new GroupedWrites(
    (tenantId, answered: readonly Answered[]) => this.store(tenantId, answered),
    { weigh: ({ answer }) => answer.length, most: ANSWER_BYTES_AT_ONCE },
  );

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly bounds: TenantBounds = TENANT_BOUNDS,
  ) {
    super();
  }

  async claim(held: Held): Promise<Claimed> {
    const holders = await this.claims.add(held.name.tenantId, held);
    return holders.has(held.holder) ? { state: 'mine' } : this.look(held);
  }

  async keep(held: Held, answer: Uint8Array): Promise<void> {
    await this.answers.add(held.name.tenantId, { held, answer });
  }

  async free(held: Held): Promise<void> {
    await this.sql.statement(held.name.tenantId, sql`DELETE FROM ${records} WHERE ${ownedBy(held)}`);
  }

  renew(held: readonly Held[]): Promise<void> {
    const leaseUntil = new Date(this.clock.now() + LEASE_MS);
    const ids = held.map(({ name }) => name.id);
    const holders = held.map(({ holder }) => holder);
    const theirs = and(inArray(records.id, ids), inArray(records.holder, holders), isNull(records.answer));
    return this.sql.system(async (tx) => {
      // Who holds a lock is about to answer one of these, and could wait for the lock of another.
      const free = tx.select({ id: records.id }).from(records).where(theirs).for('update', { skipLocked: true });
      await tx.update(records).set({ leaseUntil }).where(inArray(records.id, free));
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

  /** @returns the holders whose name was free */
  private async insert(tenantId: string, held: readonly Held[]): Promise<ReadonlySet<unknown>> {
    const ids = held.map(({ name }) => name.id);
    const fingerprints = held.map(({ name }) => name.fingerprint);
    const holders = held.map(({ holder }) => holder);
    const { leaseUntil, createdAt, expiresAt } = this.times();
    // In order, so that no two processes wait for each other's names.
    const inserted = await this.sql.statement(
      tenantId,
      sql`INSERT INTO ${records} (id, tenant_id, fingerprint, holder, lease_until, created_at, expires_at)
        SELECT id, ${tenantId}, fingerprint, holder, ${leaseUntil}, ${createdAt}, ${expiresAt}
        FROM unnest(${texts(ids)}, ${texts(fingerprints)}, ${texts(holders)}) AS claimed (id, fingerprint, holder)
        ORDER BY id ON CONFLICT DO NOTHING RETURNING holder`,
    );
    return new Set(inserted.map(({ holder }) => holder));
  }

  private async store(tenantId: string, answered: readonly Answered[]): Promise<void> {
    const ids = answered.map(({ held }) => held.name.id);
    const holders = answered.map(({ held }) => held.holder);
    const answers = answered.map(({ answer }) => Buffer.from(answer).toString('base64'));
    await this.sql.statement(
      tenantId,
      sql`UPDATE ${records} AS kept SET answer = decode(made.answer, 'base64')
        FROM unnest(${texts(ids)}, ${texts(holders)}, ${texts(answers)}) AS made (id, holder, answer)
        WHERE kept.id = made.id AND kept.holder = made.holder AND kept.answer IS NULL`,
    );
  }

  /** What stands under a name that somebody has. It is taken over from a holder that is gone. */
  private async look(held: Held): Promise<Claimed> {
    const { tenantId, id, fingerprint } = held.name;
    const [row] = await this.sql.statement(
      tenantId,
      sql`SELECT fingerprint, holder, answer, ${unixMs(records.leaseUntil)} AS lease_until, ${unixMs(records.expiresAt)} AS expires_at
        FROM ${records} WHERE ${eq(records.id, id)}`,
    );
    // Freed between the two statements: it is looked at again soon.
    if (row === undefined) return { state: 'running' };
    const { holder, ...kept } = keptOf(row);
    const now = this.clock.now();
    const verdict = judgeClaim(kept, fingerprint, now);
    if (verdict === 'stored') return { state: 'stored', answer: kept.answer ?? NO_BYTES, holder };
    if (verdict !== 'free') return { state: verdict };
    return { state: (await this.takeOver(held, holder, now)) ? 'mine' : 'running' };
  }

  /** Of many who try, one does; none once the holder has come back. */
  private async takeOver(held: Held, from: string, now: number): Promise<boolean> {
    const { id, tenantId, fingerprint } = held.name;
    const { leaseUntil, createdAt, expiresAt } = this.times();
    const over = sql`expires_at <= ${instant(now)} OR (answer IS NULL AND lease_until <= ${instant(now)})`;
    const taken = await this.sql.statement(
      tenantId,
      sql`UPDATE ${records} SET fingerprint = ${fingerprint}, holder = ${held.holder}, answer = NULL, lease_until = ${leaseUntil},
        created_at = ${createdAt}, expires_at = ${expiresAt} WHERE id = ${id} AND holder = ${from} AND (${over}) RETURNING id`,
    );
    return taken.length > 0;
  }

  /** Of a request that begins now. */
  private times() {
    const now = this.clock.now();
    return { leaseUntil: instant(now + LEASE_MS), createdAt: instant(now), expiresAt: instant(now + DAY_MS) };
  }
}

const ownedBy = ({ name, holder }: Held) => and(eq(records.id, name.id), eq(records.holder, holder));
