import { Injectable } from '@nestjs/common';
import { AppError, Clock, Log, retryLater } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import { type NewRun, Runs } from './runs.service.js';
import type { RunEnd } from './stream-end.policy.js';

/** What is recorded of a result. */
export interface RunOutcome {
  readonly end: RunEnd;
  /** Written in the transaction that ends the run. */
  readonly also?: (tx: Tx) => Promise<void>;
}

/** Keeps the durable record of a run that answers at once. */
@Injectable()
export class RunRecord {
  constructor(
    private readonly runs: Runs,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Records the run, does the work, and records how it ended before the result is handed on.
   *
   * @throws {AppError} `DEPENDENCY_UNAVAILABLE` before any work when the record cannot be begun
   */
  async during<T>(run: NewRun, work: () => Promise<T>, outcomeOf: (result: T) => RunOutcome): Promise<T> {
    await this.runs.begin(run);
    const result = await work().catch(async (error: unknown) => {
      await this.settleFailed(run, error);
      throw error;
    });
    const { end, also } = outcomeOf(result);
    try {
      await this.settle(run, end, also);
    } catch (error) {
      // The caller hears that it failed; so does the record, as soon as it can be written.
      void this.settleLater(run, { status: 'failed', problem: 'DEPENDENCY_UNAVAILABLE', usage: end.usage });
      throw error;
    }
    return result;
  }

  /** Tries until the record is written, or for ten minutes. */
  private async settleLater(run: NewRun, end: RunEnd): Promise<void> {
    if (await retryLater(this.clock, () => this.settle(run, end))) return;
    this.log.warn({ run_id: run.id }, 'run.not_settled');
  }

  /** The failure itself is what the caller hears of, also when it cannot be recorded. */
  private async settleFailed(run: NewRun, error: unknown): Promise<void> {
    const problem = error instanceof AppError ? error.code : 'INTERNAL';
    const status = problem === 'CANCELLED' ? 'cancelled' : 'failed';
    await this.settle(run, { status, problem }).catch(() => void this.settleLater(run, { status, problem }));
  }

  private settle(run: NewRun, end: RunEnd, also?: RunOutcome['also']): Promise<void> {
    return this.sql.tenant(run.owner.tenantId, async (tx) => {
      if (await this.runs.settle(tx, run, end)) await also?.(tx);
    });
  }
}
