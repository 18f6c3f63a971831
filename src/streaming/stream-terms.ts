import type { Config } from '#src/kernel/index.js';
import type { LogTerms } from '#src/storage/index.js';

const MIB = 1_048_576;
/** How long a producer may be silent before anybody may take its log over, ms. */
export const LEASE_MS = 5_000;

/** What one process believes about its logs. */
export const logTerms = (config: Config): LogTerms => ({
  ttlMs: config.SSE_STATE_TTL_SEC * 1_000,
  leaseMs: LEASE_MS,
  maxEvents: config.SSE_BUFFER_MAX_EVENTS,
  maxBytes: config.SSE_BUFFER_MAX_SIZE_MB * MIB,
});
