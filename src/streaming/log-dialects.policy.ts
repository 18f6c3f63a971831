import { assistLog } from './assist-log.policy.js';
import type { LogDialect } from './log-dialect.js';
import { backgroundLog, responseLog } from './response-log.policy.js';

/** Kinds of runs whose streams have a dialect of their own. */
export const RESPONSE = 'response';
export const BACKGROUND_RESPONSE = 'background-response';

const DIALECTS: ReadonlyMap<string, LogDialect> = new Map([
  [RESPONSE, responseLog],
  [BACKGROUND_RESPONSE, backgroundLog],
]);

/** How the streams of a kind of run speak. */
export const dialectOf = (kind: string): LogDialect => DIALECTS.get(kind) ?? assistLog;
