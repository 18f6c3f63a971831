import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import { Clock } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import type { Job, NewJob } from './job.js';
import { LEASE_MS } from './job.policy.js';
import { jobs } from './jobs.table.js';

/** The rows of jobs, as one process sees them. */
@Injectable()
export class JobRows {
  private readonly holder = randomUUID();

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  /** A job that this process holds, begun so often. */
  async add(tx: Tx, job: NewJob, attempts: number): Promise<void> {
    const { holder } = this;
    await tx.insert(jobs).values({ ...job, holder, leaseUntil: this.in(LEASE_MS), attempts, createdAt: this.in(0) });
  }

  /** Jobs of these kinds whose lease ran out, now held by this process. Of many processes that ask, one gets each. */
  async takeDue(kinds: readonly string[], limit: number): Promise<Job[]> {
    return this.sql.system(async (tx) => {
      const due = tx
        .select({ id: jobs.id })
        .from(jobs)
        .where(and(inArray(jobs.kind, [...kinds]), lt(jobs.leaseUntil, this.in(0))))
        .orderBy(jobs.leaseUntil)
        .limit(limit)
        .for('update', { skipLocked: true });
      return tx
        .update(jobs)
        .set({ holder: this.holder, leaseUntil: this.in(LEASE_MS), attempts: sql`${jobs.attempts} + 1` })
        .where(inArray(jobs.id, due))
        .returning();
    });
  }

  renew(ids: readonly string[]): Promise<void> {
    return this.sql.system(async (tx) => {
      await tx
        .update(jobs)
        .set({ leaseUntil: this.in(LEASE_MS) })
        .where(and(inArray(jobs.id, [...ids]), eq(jobs.holder, this.holder)));
    });
  }

  /** Lets go of a job, due again after a while. */
  putBack({ id, tenantId }: NewJob, waitMs: number): Promise<void> {
    return this.sql.tenant(tenantId, async (tx) => {
      await tx
        .update(jobs)
        .set({ leaseUntil: this.in(waitMs) })
        .where(and(eq(jobs.tenantId, tenantId), eq(jobs.id, id), eq(jobs.holder, this.holder)));
    });
  }

  remove({ id, tenantId }: NewJob): Promise<void> {
    return this.sql.tenant(tenantId, async (tx) => {
      await tx.delete(jobs).where(and(eq(jobs.tenantId, tenantId), eq(jobs.id, id)));
    });
  }

  /** No other process can use an embedded database: whoever held its jobs is gone. */
  async releaseAll(): Promise<void> {
    if (this.sql.kind !== 'pglite') return;
    await this.sql.system(async (tx) => {
      await tx.update(jobs).set({ leaseUntil: this.in(-1) });
    });
  }

  private in(ms: number): Date {
    return new Date(this.clock.now() + ms);
  }
}
