import type { CallMeter } from './call-meter.js';
import type { Done, Progress, Reads } from './provider.port.js';

/** An event that says what its call has cost. */
export type Metered =
  | Done
  | { readonly type: 'partial' | 'delta' | 'refusal_delta' | 'tool_delta'; readonly used: Progress['used'] };

/** For whom a model is called, who counts what it costs, and when it stops. */
export interface ModelCall {
  readonly tenantId: string;
  readonly meter: CallMeter;
  readonly signal: AbortSignal;
  /** `pieces` when left out; whoever reads the `end` may get pieces all the same. What comes is counted either way. */
  readonly reads?: Reads;
}
