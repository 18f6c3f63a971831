import type { Config } from '#src/kernel/index.js';

/** Where an upstream is and how long it is waited for. Times in milliseconds. */
export interface UpstreamSettings {
  readonly baseUrl: string;
  readonly connectMs: number;
  /** Longest wait for the first word of an answer; each try has it anew. */
  readonly firstTokenMs: number;
  /** Longest silence after it. */
  readonly idleMs: number;
  /** Longest call, retries and repair included. */
  readonly totalMs: number;
  /** First wait before a retry; later ones grow, all are jittered. */
  readonly retryBaseMs: number;
  /** Largest answer of the upstream, framing included. */
  readonly maxResponseBytes: number;
}

/** What every upstream of this installation has in common. */
export const upstreamLimits = (config: Config): Omit<UpstreamSettings, 'baseUrl'> => ({
  connectMs: config.MODEL_CONNECT_TIMEOUT,
  firstTokenMs: config.MODEL_FIRST_TOKEN_TIMEOUT,
  idleMs: config.MODEL_IDLE_TIMEOUT,
  totalMs: config.MODEL_TOTAL_TIMEOUT,
  retryBaseMs: 200,
  maxResponseBytes: 16 * 1_048_576,
});
