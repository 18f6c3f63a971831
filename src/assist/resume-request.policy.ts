import { AppError } from '#src/kernel/index.js';
import { readLastEventId } from '#src/streaming/index.js';

export interface ResumeRequest {
  readonly token: string;
  /** Number of the last event the caller has, when it names one. */
  readonly lastEventId: number | undefined;
  readonly live: boolean;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * What the headers of a resume ask for. The token may stand in `X-Resume-Token` or in `<P>-Resume-Token`.
 *
 * @param prefixes header prefixes in use
 * @throws {AppError} `RESUME_TOKEN_MISSING`; `AMBIGUOUS_CREDENTIALS` for two different tokens; `BAD_INPUT` for a position or mode
 * that is none
 */
export function readResumeRequest(headers: Headers, prefixes: readonly string[]): ResumeRequest {
  const names = ['x', ...prefixes].map((prefix) => `${prefix}-resume-token`.toLowerCase());
  const tokens = new Set(names.flatMap((name) => headers[name] ?? []).filter((token) => token !== ''));
  if (tokens.size > 1) throw new AppError('AMBIGUOUS_CREDENTIALS', 'More than one resume token was presented');
  const [token] = tokens;
  if (token === undefined) throw new AppError('RESUME_TOKEN_MISSING');
  return {
    token,
    lastEventId: readLastEventId(single(headers['last-event-id'])),
    live: mode(headers['x-resume-mode']) === 'live',
  };
}

function mode(text: Headers[string]): 'live' | 'replay' {
  if (text === undefined || text === '') return 'live';
  if (text === 'live' || text === 'replay') return text;
  const message = 'X-Resume-Mode must be live or replay';
  throw new AppError('BAD_INPUT', message, { errors: [{ path: 'x-resume-mode', code: 'invalid', message }] });
}

/** A header sent twice is read as HTTP joins it (RFC 9110 §5.3), and fails as one. */
const single = (value: Headers[string]): string | undefined => (typeof value === 'object' ? value.join(', ') : value);
