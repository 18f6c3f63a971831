import type { Usage } from '#src/kernel/index.js';
import { storableText } from '#src/storage/index.js';

/** Characters of a model's name that are recorded. */
const LONGEST_NAME = 256;

/** What one call cost. */
export interface CallUsage extends Pick<Usage, 'inputTokens' | 'outputTokens'> {
  /** Nanodollars. */
  readonly cost: number;
  /** Empty when the call broke off. */
  readonly model: string;
  /** Unix ms: end of the window in which it is charged. */
  readonly endsAt: number;
}

/** What the calls of one row cost together. */
export interface UsageRow extends CallUsage {
  readonly principalId: string;
  readonly calls: number;
}

/** Calls of one tenant that are written down together: one row for those that differ in their cost alone. */
export class UsageBatch {
  private readonly sums = new Map<string, UsageRow>();

  add(principalId: string, usage: CallUsage): void {
    const model = recordable(usage.model);
    const name = JSON.stringify([usage.endsAt, principalId, model]);
    const sum = this.sums.get(name);
    this.sums.set(name, sum === undefined ? { ...usage, model, principalId, calls: 1 } : plus(sum, usage));
  }

  /** In one order for all processes: two that write the same rows never wait for each other. */
  get rows(): readonly UsageRow[] {
    const named = [...this.sums].sort(([one], [other]) => (one < other ? -1 : 1));
    return named.map(([, sum]) => sum);
  }
}

/** As models name themselves, which may be anything: what a key column does not take would lose every call of its batch. */
const recordable = (model: string): string => storableText(model.slice(0, LONGEST_NAME));

const plus = (sum: UsageRow, usage: CallUsage): UsageRow => ({
  ...sum,
  calls: sum.calls + 1,
  inputTokens: sum.inputTokens + usage.inputTokens,
  outputTokens: sum.outputTokens + usage.outputTokens,
  cost: sum.cost + usage.cost,
});
