export { abandon, abandonmentOf } from './abandonment.js';
export type { EdgeRequest } from './edge/request.js';
export { originOf } from './origin.js';
export { decodeCursor, encodeCursor, listOf, PageQuery } from './paging.js';
export { BodyLimit, EventStream, eventStream, READS_ONLY, ReadsOnly, Returns } from './returns.js';
