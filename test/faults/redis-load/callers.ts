import { bearer } from '../../support/app.ts';
import { generousLimits } from '../../support/generous-limits.ts';
import { SECRET } from '../../support/signed-request.ts';

/** Streams of one principal at once, and a minute. */
export const CAPACITY = 30;
/** A principal for everybody who is capped, and these for everybody who streams, in each run: their buckets are full. */
const RUNS = 8;
const STREAMERS = 40;

const user = 'redis-load-user-0123456789abcdefghijklmn';
const admin = 'redis-load-admin-0123456789abcdefghijklm';
const streamers = Array.from({ length: RUNS * STREAMERS }, (_, at) => `redis-load-streamer-0123456789abcdefghij-${at}`);
const capped = Array.from({ length: RUNS }, (_, at) => `redis-load-capped-0123456789abcdefghijkl-${at}`);

/** Who sends the load: nobody but the capped ones ever meets a limit. */
export const callers = {
  user: bearer(user),
  admin: bearer(admin),
  streamer: (run: number, turn: number) => bearer(streamers[run * STREAMERS + (turn % STREAMERS)] ?? ''),
  /** Alone in its tenant. */
  capped: (run: number) => bearer(capped[run] ?? ''),
} as const;

export const callersEnv = {
  ...generousLimits,
  SSE_RATE_LIMIT_RPM: String(CAPACITY),
  HMAC_SECRET: SECRET,
  HMAC_TENANT: 'signing',
  ASSIST_API_KEYS: [
    `${user}@acme:user`,
    `${admin}@acme:user+admin`,
    ...streamers.map((key, at) => `${key}@streams-${at}:user`),
    ...capped.map((key, at) => `${key}@capped-${at}:user`),
  ].join(','),
} as const;
