import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, Drain, isUnavailable, Log, retryLater, type Stop } from '#src/kernel/index.js';
import type { Tx } from '#src/storage/index.js';
import type { Job, JobHandler, NewJob } from './job.js';
import { backOffMs, judgeJob, LEASE_MS } from './job.policy.js';
import { JobRows } from './job-rows.service.js';

/** Two renewals may fail. */
const RENEW_MS = LEASE_MS / 3;
const LOOK_MS = 5_000;
const JOBS_AT_ONCE = 20;

/**
 * Durable jobs. Work is done at once by the process that accepts it; its row is there for the day that process dies: another
 * one, or the same one started again, then takes it up. Looking for such rows is all the polling there is.
 */
@Injectable()
export class Jobs implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly held = new Map<string, NewJob>();
  private readonly stops: Stop[] = [];
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

  /** Adds a job in the transaction of what it is about; the caller then does it under {@link keep}. */
  add(tx: Tx, job: NewJob): Promise<void> {
    return this.rows.add(tx, job);
  }

  /** Holds a job that was added here until its work is over, well or badly: then there is nothing left to take up. */
  async keep(job: NewJob, work: Promise<void>): Promise<void> {
    this.held.set(job.id, job);
    await work.finally(() => this.held.delete(job.id));
    await this.remove(job);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stops.push(this.clock.every(RENEW_MS, () => void this.renew()));
    this.stops.push(this.clock.every(LOOK_MS, () => void this.look()));
    await this.rows.releaseAll().catch(() => undefined);
    void this.look();
  }

  onModuleDestroy(): void {
    for (const stop of this.stops) stop();
    this.handlers.clear();
  }

  private async renew(): Promise<void> {
    if (this.held.size === 0) return;
    // A lease that cannot be renewed may be taken over; the log of the run is fenced against two producers.
    await this.rows.renew([...this.held.keys()]).catch(() => undefined);
  }

  private async look(): Promise<void> {
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

  private async takeUp(job: Job): Promise<void> {
    const handler = this.handlers.get(job.kind);
    if (handler === undefined) return;
    const { id: job_id, kind, attempts } = job;
    this.log.warn({ job_id, kind, attempts }, 'job.taken_up');
    this.held.set(job.id, job);
    try {
      await (judgeJob(attempts) === 'run' ? handler.run(job) : handler.giveUp(job));
    } catch (cause) {
      if (!isUnavailable(cause)) this.log.error({ job_id, kind, attempts, cause }, 'job.failed');
      this.held.delete(job.id);
      // Where this cannot be written, the lease runs out.
      await this.rows.putBack(job, backOffMs(attempts)).catch(() => undefined);
      return;
    }
    this.held.delete(job.id);
    await this.remove(job);
  }

  /** A row that stays is taken up, found done, and removed then. */
  private async remove(job: NewJob): Promise<void> {
    await this.rows.remove(job).catch(() => void retryLater(this.clock, () => this.rows.remove(job)));
  }
}
