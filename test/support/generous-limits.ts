/** Limits that only a test of limits meets. */
export const generousLimits = {
  RATE_LIMIT_RPM: '100000000',
  SSE_RATE_LIMIT_RPM: '100000000',
  FLOOD_LIMIT_RPM: '100000000',
} as const;
