// What almost every caller needs. Two more doors: `errors.js` has each kind of error, `shapes.js` every other type.
export { Countersign } from './client.js';
export { CountersignError, type ErrorCode } from './errors.js';
export type { ClientOptions } from './settings.js';
export type { DraftEvent } from './stream/draft-event.policy.js';
export type { DraftStream } from './stream/draft-stream.js';
export type { RequestOptions } from './transport.js';
export type { Draft, DraftRequest, Graph } from './types.js';
