import type { RepeatRequest } from '#src/idempotency/index.js';
import type { Attended } from '#src/streaming/index.js';

/** Longer than the longest pause of the official SDKs between two attempts (8 s). */
const COME_BACK_MS = 10_000;

/**
 * What becomes of a streamed answer when its caller leaves. With a key it goes on to its end, for whoever sends the key
 * again. Otherwise it stops: at once, unless a client library that counts its attempts may not have heard anything yet.
 */
export function attendanceOf(repeat: RepeatRequest): Attended | undefined {
  if (repeat.kind === 'keyed') return undefined;
  const counts = repeat.kind === 'retry' || (repeat.kind === 'first' && repeat.marked);
  return { comeBackMs: counts ? COME_BACK_MS : 0 };
}
