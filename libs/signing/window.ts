import type { SignatureFault } from './fault.js';

/** The clock of whoever verifies. */
export interface Window {
  /** Unix time, ms. */
  readonly now: number;
  /** Largest distance between the times of signing and of verification, either way, ms; exactly this far is accepted. */
  readonly maxSkewMs: number;
}

/** Whether a signature made at this instant is too old or too new. */
export const skewFault = (signedAt: number, { now, maxSkewMs }: Window): SignatureFault | undefined =>
  Math.abs(now - signedAt) > maxSkewMs ? 'skew' : undefined;
