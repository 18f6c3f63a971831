import { randomFillSync } from 'node:crypto';

const TRACE_BYTES = 16;

/** Random bytes are drawn in bulk: one call into the generator costs as much as hundreds of bytes from it. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

/** 32 lower-case hex digits (W3C trace context §3.2.2.3). */
export function newTraceId(): string {
  if (used + TRACE_BYTES > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += TRACE_BYTES;
  return pool.toString('hex', used - TRACE_BYTES, used);
}
