export { type BucketTerms, fullAfterMs, type Spending } from './bucket.policy.js';
export { bytea } from './bytea.js';
export {
  type BucketDraw,
  type Draw,
  type DrawOrder,
  type Holding,
  Hot,
  type HotKey,
  type LedgerAccount,
  type LedgerCall,
  LocalHot,
  type LogBatch,
  type LogListener,
  type LogTerms,
  type OnceReply,
  type SingleUse,
} from './hot.port.js';
export { type Tally, WINDOW_MS } from './ledger.policy.js';
export { type Row, Sql, type Tx } from './sql.port.js';
export { isUniqueViolation } from './sql-error.policy.js';
export { storableText } from './storable-text.policy.js';
export { StorageModule } from './storage.module.js';
