export { readLastEventId } from './last-event-id.policy.js';
export type { Attended } from './log-header.js';
export { type NewRun, Runs } from './runs.service.js';
export type { RunEnd } from './stream-end.policy.js';
export { ownerOf, type StreamOwner } from './stream-owner.js';
export type { StreamWriter } from './stream-run.js';
export { StreamingModule } from './streaming.module.js';
export { Streams } from './streams.service.js';
