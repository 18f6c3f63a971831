import { parseSequence } from '#libs/sse/index.js';
import { AppError } from '#src/kernel/index.js';

/** Sequence numbers beyond this are stored nowhere. */
const MAX_SEQUENCE = 2_147_483_646;

/**
 * The number in a `Last-Event-ID` header; `undefined` without one. An empty header counts as none: browsers send it so.
 *
 * @throws {AppError} `BAD_INPUT` for anything that is not the number of an event
 */
export function readLastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  const seq = parseSequence(header);
  if (seq !== undefined && seq <= MAX_SEQUENCE) return seq;
  throw new AppError('BAD_INPUT', 'Last-Event-ID is not the number of an event', {
    errors: [{ path: 'last-event-id', code: 'invalid', message: 'Not the number of an event' }],
  });
}
