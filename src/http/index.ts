export { abandon } from './abandonment.js';
export { type AsksForStream, asksInBody, asksInQuery } from './asks-for-stream.js';
export { hasBody } from './body.policy.js';
export { CallerGone } from './caller-gone.decorator.js';
export type { Dialect, Translation } from './dialect.js';
export type { EdgeRequest } from './edge/request.js';
export { originOf } from './origin.js';
export { decodeCursor, encodeCursor, type ListScope, listOf, PageQuery } from './paging.js';
export {
  BodyLimit,
  DOCUMENTS_BYTES,
  EventStream,
  eventStream,
  MostValues,
  NothingMore,
  nothingMore,
  READS_ONLY,
  ReadsOnly,
  Returns,
  ReturnsOrStreams,
  STREAM_HEADERS,
  StreamsTo,
} from './returns.js';
export { routeConfig } from './route-config.js';
