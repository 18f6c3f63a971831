import type { CallMeter } from './call-meter.js';
import type { Done, Progress } from './provider.port.js';

/** An event that says what its call has cost. */
export type Metered = Done | { readonly type: 'partial' | 'delta' | 'tool_delta'; readonly used: Progress['used'] };

/** What is read of an answer: all of it as it grows, or its `done` alone. Everything is counted as it grows. */
export type Reads = 'pieces' | 'end';

/** For whom a model is called, who counts what it costs, and when it stops. */
export interface ModelCall {
  readonly tenantId: string;
  readonly meter: CallMeter;
  readonly signal: AbortSignal;
  /** `pieces` when left out; whoever reads the `end` may get pieces all the same. */
  readonly reads?: Reads;
}
