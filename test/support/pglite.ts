import { type Clock, Degradation, SystemClock } from '#src/kernel/index.js';
import { PgliteSql } from '#src/storage/adapters/pglite-sql.js';
import { QuietLog } from './quiet-log.ts';

/** The embedded database in a directory of the test's own. */
export const openPglite = (
  directory: string,
  timeoutMs: number,
  clock: Clock = new SystemClock(),
  degradation = new Degradation(),
): Promise<PgliteSql> => PgliteSql.open(directory, timeoutMs, { degradation, clock, log: new QuietLog() });
