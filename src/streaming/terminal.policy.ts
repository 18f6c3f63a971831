import { encodeFrame } from './frames.policy.js';
import type { EndPlace } from './log-dialect.js';
import { dialectOf } from './log-dialects.policy.js';
import type { LogHeader } from './log-header.js';
import type { StreamEnd, Terminal } from './stream-end.policy.js';

/** The event that ends a log, in the dialect of its run. */
export function terminalOf(end: StreamEnd, place: EndPlace, header: LogHeader): Terminal {
  const { event, data } = dialectOf(header.kind).terminal(end, place, header);
  return { seq: place.seq, frame: encodeFrame(place.seq, event, data) };
}
