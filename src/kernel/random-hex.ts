import { randomFillSync } from 'node:crypto';

/** Few enough that an id which is kept for long, and with it the text it was cut from, keeps no more than a kilobyte. */
const POOL_BYTES = 512;

const pool = Buffer.alloc(POOL_BYTES);
let digits = '';
let used = 0;

/**
 * Lower-case hex digits that were never given out before. They are drawn and spelled in bulk: for a single id, either
 * costs as much as for all of the pool.
 */
export function randomHex(count: number): string {
  if (used + count > digits.length) {
    digits = randomFillSync(pool).toString('hex');
    used = 0;
  }
  used += count;
  return digits.slice(used - count, used);
}
