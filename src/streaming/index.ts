export { readLastEventId } from './last-event-id.policy.js';
export type { Attended } from './log-header.js';
export { requestDigest } from './request-digest.policy.js';
export { RunRecord } from './run-record.service.js';
export { Runs } from './runs.service.js';
export { ownerOf, type StreamOwner } from './stream-owner.js';
export type { StreamWriter } from './stream-run.js';
export { StreamingModule } from './streaming.module.js';
export { Streams } from './streams.service.js';
