import { comeBackMs, type RepeatRequest } from '#src/idempotency/index.js';
import type { Attended } from '#src/streaming/index.js';

/**
 * What becomes of a streamed answer when its caller leaves. With a key it goes on to its end, for whoever sends the key
 * again. Otherwise it stops: at once, unless a client library that counts its attempts may not have heard anything yet.
 */
export function attendanceOf(repeat: RepeatRequest): Attended | undefined {
  const ms = comeBackMs(repeat);
  return ms === undefined ? undefined : { comeBackMs: ms };
}
