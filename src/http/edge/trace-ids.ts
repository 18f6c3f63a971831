import { randomFillSync } from 'node:crypto';

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

/** Random bytes are drawn in bulk: one call into the generator costs as much as hundreds of bytes from it. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

function take(count: number): string {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.toString('hex', used - count, used);
}

/** 32 lower-case hex digits (W3C trace context §3.2.2.3). */
export const newTraceId = (): string => take(TRACE_BYTES);

/** 16 lower-case hex digits (W3C trace context §3.2.2.4). */
export const newSpanId = (): string => take(SPAN_BYTES);
