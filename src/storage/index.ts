export { type BucketTerms, fullAfterMs, type Spending } from './bucket.policy.js';
export { bytea } from './bytea.js';
export {
  type BucketDraw,
  Hot,
  type HotKey,
  LocalHot,
  type LogBatch,
  type LogListener,
  type LogTerms,
  type OnceOutcome,
} from './hot.port.js';
export { Sql, type Tx } from './sql.port.js';
export { isUniqueViolation } from './sql-error.policy.js';
export { StorageModule } from './storage.module.js';
