export type { FieldFault, ProblemCode } from '#libs/problem/index.js';
export {
  type Difference,
  diffEvents,
  type KeySet,
  type Receipt,
  type StreamEvent,
  type Verdict,
} from '#libs/sse/index.js';
export { Countersign } from './client.js';
export * from './errors.js';
export type { Fetch, Time } from './platform.js';
export type { FollowOptions } from './resources/streams.js';
export type { ClientOptions, ReconnectOptions } from './settings.js';
export type { CompleteData, DraftEvent, GapData, ResumeData, StageData } from './stream/draft-event.policy.js';
export type { DraftStream } from './stream/draft-stream.js';
export type { ReaderOptions, ReconnectNotice } from './stream/resuming-reader.js';
export type { RequestOptions } from './transport.js';
export type * from './types.js';
