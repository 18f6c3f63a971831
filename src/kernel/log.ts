import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { currentContext } from './context.js';

/** The service's one logger and its injection token. A message is a constant event name (`noun.past_tense`); everything variable is a field. */
export abstract class Log {
  abstract readonly info: LogMethod;
  abstract readonly warn: LogMethod;
  abstract readonly error: LogMethod;
  abstract readonly debug: LogMethod;
}

type LogMethod = (fields: Readonly<Record<string, unknown>>, event: string) => void;

/** Members whose value is never written, whatever it is. */
const SECRET_MEMBER =
  /"((?:x-)?(?:authorization|cookie|password|secret|token|api[-_]key|signature))":"(?:[^"\\]|\\.)*"/gi;

/** Shapes of credentials, wherever in a line they stand: a last net under the names. */
const CREDENTIALS = [
  /\bcs_[A-Za-z0-9-]{4,64}_[A-Za-z0-9_-]{16,}/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\bBearer\s+[A-Za-z0-9._~+/-]{8,}=*/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*/g,
];

const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*):[^\s@/"]+@/gi;

/** Two cheap looks that nearly every line passes; only a line that could hold a credential is searched. */
const MARK = /cs_|sk-|eyJ|[Ee][Aa][Rr][Ee][Rr]|PRIVATE|:\/\/[^\s@/"]*@/;
/** The end of the name comes first: it stands at few places of a line, and each of the names could begin anywhere. */
const NAME = /":"(?<="(?:x-)?(?:authorization|cookie|password|secret|token|api[-_]key|signature)":")/i;

/** A line as it may be written: what looks like a credential is masked. */
export function redactLine(line: string): string {
  if (!MARK.test(line) && !NAME.test(line)) return line;
  const named = line.replace(SECRET_MEMBER, '"$1":"[redacted]"').replace(URL_PASSWORD, '$1:[redacted]@');
  return CREDENTIALS.reduce((text, pattern) => text.replace(pattern, '[redacted]'), named);
}

export interface LogOptions {
  readonly level: string;
  readonly version: string;
  /** Where lines go. */
  readonly destination: DestinationStream;
}

/** ISO 8601 in UTC with milliseconds; made once a millisecond, however many lines are written in it. */
function isoTimestamp(): () => string {
  let madeFor = Number.NaN;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== madeFor) {
      madeFor = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

const NO_IDS = {};

/** The ids of the running request, unless the event names them itself. */
function idsFor(fields: object): object {
  if ('request_id' in fields) return NO_IDS;
  const context = currentContext();
  return context === undefined ? NO_IDS : { request_id: context.requestId, trace_id: context.traceId };
}

/** JSON lines, one event each, redacted at the sink; inside a request they carry its ids. */
export function createLog({ level, version, destination }: LogOptions): Logger {
  const options = {
    level,
    base: { service: 'countersign', version },
    timestamp: isoTimestamp(),
    formatters: { level: (label: string) => ({ level: label }) },
    messageKey: 'event',
    serializers: { err: stdSerializers.err, cause: stdSerializers.err },
    hooks: { streamWrite: redactLine },
    mixin: idsFor,
    mixinMergeStrategy: (fields: object, ids: object) => (ids === NO_IDS ? fields : { ...ids, ...fields }),
  };
  return pino(options, destination);
}
