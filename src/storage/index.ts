export { bytea } from './bytea.js';
export { Hot, type HotKey, LocalHot, type LogBatch, type LogListener, type LogTerms } from './hot.port.js';
export { Sql, type Tx } from './sql.port.js';
export { isUniqueViolation } from './sql-error.policy.js';
export { StorageModule } from './storage.module.js';
