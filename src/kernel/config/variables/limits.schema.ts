import { z } from 'zod';
import { dollars } from '../../dollars.js';
import { perMinute, positive } from './text.schema.js';

export const limits = {
  RATE_LIMIT_RPM: perMinute
    .default(120)
    .describe('Requests a minute of one principal; ten times as many of its tenant'),
  SSE_RATE_LIMIT_RPM: perMinute
    .default(20)
    .describe('Streams a minute of one principal; ten times as many of its tenant'),
  RATE_LIMIT_BURST: perMinute
    .optional()
    .describe('Requests that one principal may send at once; what it may send in a minute when left out'),
  TOKEN_LIMIT_PER_DAY: positive
    .max(1_000_000_000_000)
    .default(1_000_000)
    .describe('Model tokens of one principal in a UTC day; ten times as many of its tenant'),
  COST_LIMIT_PER_DAY: dollars(9)
    .optional()
    .describe(
      'USD that one principal may spend on models in a UTC day; ten times as many of its tenant. No limit when left out',
    ),
  PLANS_FILE: z.string().optional().describe('Limits of tenants that have others; config/plans.yaml when left out'),
  TOKEN_LEASE_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(600_000)
    .default(30_000)
    .describe('How long the tokens stay reserved that a call held whose process died, ms'),
  QUOTA_MODE: z
    .enum(['enforce', 'shadow'])
    .default('enforce')
    .describe('shadow counts and reports what would be refused, and refuses nothing'),
  FLOOD_LIMIT_RPM: perMinute
    .default(30_000)
    .describe(
      'Requests a minute of one client address (IPv6: one /64) to one process, before anybody is authenticated',
    ),
};
