import type { Plan } from './plan.ts';

/** What one slice found out, by name of the metric. */
export type Sample = Readonly<Record<string, number>>;

/** A wanted value: at most, or at least. */
export type Bound = { readonly most: number } | { readonly least: number };

/** A figure of the table in the specification, with what is asked of it. */
export interface Verdict {
  /** Names the figure in the baseline: changing it forgets the accepted value. */
  readonly label: string;
  readonly value: number;
  readonly unit: '×' | 'µs' | 'ms' | 's' | 'B' | 'MiB' | 'MB/s' | '/s' | 'timers' | 'streams';
  readonly accept: Bound;
  readonly aim: Bound;
}

export interface RowResult {
  /** Medians by variant. */
  readonly medians: Readonly<Record<string, Sample>>;
  readonly verdicts: readonly Verdict[];
  /** What a reader of the figures must know. */
  readonly notes: readonly string[];
}

export interface Row {
  /** As in the specification, e.g. `Q6b`. */
  readonly id: string;
  readonly title: string;
  /** @throws {RunFailed} when something was measured that does not count */
  measure(plan: Plan): Promise<RowResult>;
}

/** A run that broke: an error answer, a dead process, a missing event. Never a slow one. */
export class RunFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RunFailed';
  }
}
