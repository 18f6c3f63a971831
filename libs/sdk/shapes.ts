/** Every type that the client takes or gives: the shapes of the wire, its options, and what streams tell. */

export type { FieldFault, ProblemCode } from '#libs/problem/index.js';
export type { Difference, KeySet, Receipt, StreamEvent, Verdict } from '#libs/sse/index.js';
export type * from './assistant-types.js';
export type { Fetch, Time } from './platform.js';
export type { FollowOptions } from './resources/streams.js';
export type { ReconnectOptions, ResponseVerification } from './settings.js';
export type { CompleteData, GapData, ResumeData, StageData } from './stream/draft-event.policy.js';
export type { ReaderOptions, ReconnectNotice } from './stream/resuming-reader.js';
export type * from './types.js';
