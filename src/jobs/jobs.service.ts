import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock, Drain, isUnavailable, Log, retryLater, type Stop } from '#src/kernel/index.js';
import type { Tx } from '#src/storage/index.js';
import type { Job, JobEnd, JobHandler, NewJob } from './job.js';
import { backOffMs, judgeJob, LEASE_MS } from './job.policy.js';
import { JobRows } from './job-rows.service.js';

/** Two renewals may fail. */
const RENEW_MS = LEASE_MS / 3;
const JOBS_AT_ONCE = 20;

/**
 * Durable jobs. Work is done at once by the process that accepts it; its row is there for the day that process dies: another
 * one, or the same one started again, then takes it up. A process that does no such work gives its jobs away instead.
 */
@Injectable()
export class Jobs implements OnModuleInit, OnModuleDestroy {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly held = new Map<string, NewJob>();
  private stopRenewing: Stop | undefined;
  private readonly closing = new Set<Promise<void>>();
  private looking = false;

  constructor(
    private readonly rows: JobRows,
    private readonly clock: Clock,
    private readonly drain: Drain,
    private readonly log: Log,
  ) {}

  /** Says who does a kind of job; before the service has started. */
  handle(kind: string, handler: JobHandler): void {
    this.handlers.set(kind, handler);
  }

  /**
   * Adds a job in the transaction of what it is about; the caller holds it under {@link keep} then.
   *
   * @param caller whether it begins the work, or only leaves it to others
   */
  add(tx: Tx, job: NewJob, caller: 'begins' | 'leaves'): Promise<void> {
    return this.rows.add(tx, job, caller === 'begins' ? 1 : 0);
  }

  /** Holds a job that was added here until its work is over, well or badly, or is left. */
  async keep(job: NewJob, work: Promise<JobEnd>): Promise<void> {
    this.held.set(job.id, job);
    const end = await work.finally(() => this.held.delete(job.id));
    await this.close(job, end);
  }

  onModuleInit(): void {
    this.stopRenewing = this.clock.every(RENEW_MS, () => void this.renew());
  }

  /** What is given back is given back. */
  async onModuleDestroy(): Promise<void> {
    this.stopRenewing?.();
    this.handlers.clear();
    await Promise.all(this.closing);
  }

  /** Takes up the jobs that nobody holds. */
  async look(): Promise<void> {
    if (this.looking || this.drain.draining || this.handlers.size === 0) return;
    this.looking = true;
    try {
      for (const job of await this.rows.takeDue([...this.handlers.keys()], JOBS_AT_ONCE)) void this.takeUp(job);
    } catch (cause) {
      if (!isUnavailable(cause)) this.log.error({ cause }, 'jobs.not_looked_for');
    } finally {
      this.looking = false;
    }
  }

  private async renew(): Promise<void> {
    if (this.held.size === 0) return;
    // A lease that cannot be renewed may be taken over; the log of the run is fenced against two producers.
    await this.rows.renew([...this.held.keys()]).catch(() => undefined);
  }

  private async takeUp(job: Job): Promise<void> {
    const handler = this.handlers.get(job.kind);
    if (handler === undefined) return;
    const { id: job_id, kind, attempts } = job;
    this.log.warn({ job_id, kind, attempts }, 'job.taken_up');
    this.held.set(job.id, job);
    let end: JobEnd = 'done';
    try {
      if (judgeJob(attempts) === 'run') end = await handler.run(job);
      else await handler.giveUp(job);
    } catch (cause) {
      if (!isUnavailable(cause)) this.log.error({ job_id, kind, attempts, cause }, 'job.failed');
      this.held.delete(job.id);
      // Where this cannot be written, the lease runs out.
      await this.rows.putBack(job, backOffMs(attempts)).catch(() => undefined);
      return;
    }
    this.held.delete(job.id);
    await this.close(job, end);
  }

  private async close(job: NewJob, end: JobEnd): Promise<void> {
    // Where a job cannot be put back, its lease runs out.
    const closed = end === 'left' ? this.rows.putBack(job, 0).catch(() => undefined) : this.remove(job);
    this.closing.add(closed);
    await closed.finally(() => this.closing.delete(closed));
  }

  /** A row that stays is taken up, found done, and removed then. */
  private async remove(job: NewJob): Promise<void> {
    await this.rows.remove(job).catch(() => void retryLater(this.clock, () => this.rows.remove(job)));
  }
}
