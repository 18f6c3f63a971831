import type { QuotaClass } from './plan.policy.js';

/** `shadowed`: would have been refused. */
export type QuotaOutcome = 'allowed' | 'refused' | 'shadowed';

const none = (): Record<QuotaOutcome, number> => ({ allowed: 0, refused: 0, shadowed: 0 });

/** Decisions since the process started; few numbers, whatever callers there are. */
export class QuotaCounts {
  readonly byClass: Readonly<Record<QuotaClass, Record<QuotaOutcome, number>>> = { standard: none(), stream: none() };
  /** Model tokens charged and nanodollars, and calls by how they ended: `refused` also those that were cut. */
  readonly tokens = { input: 0, output: 0, cost: 0, settled: 0, refunded: 0, refused: 0, shadowed: 0 };
  /** Decisions made in this process because the shared store was away. */
  alone = 0;
  /** Requests refused before anybody was authenticated. */
  flooded = 0;

  add(quotaClass: QuotaClass, outcome: QuotaOutcome): void {
    this.byClass[quotaClass][outcome] += 1;
  }
}
