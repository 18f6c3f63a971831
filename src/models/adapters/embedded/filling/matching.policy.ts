import { runInNewContext } from 'node:vm';
import { AppError } from '#src/kernel/index.js';
import type { JsonSchema } from '../../../json-schema.js';
import { isoDay, isoTime, ofForm } from './forms.policy.js';

/** A pattern that takes longer on one value is a trap. */
const PATTERN_MS = 100;

/** The value in the form that a schema of strings asks for; `undefined` when it cannot have it. */
export function shaped(value: string, schema: JsonSchema): string | undefined {
  const formed = inFormat(value, schema['format']);
  if (formed === undefined || formed === '') return undefined;
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
  const length = Array.from(formed).length;
  if (length < Number(minLength) || length > Number(maxLength)) return undefined;
  return typeof pattern !== 'string' || matches(pattern, formed) ? formed : undefined;
}

function inFormat(value: string, format: unknown): string | undefined {
  if (format === 'date') return isoDay(value);
  if (format === 'time') return isoTime(value);
  if (format === 'date-time') return instant(value);
  if (format === 'email') return ofForm('email', value).find((found) => found === value);
  if (format === 'uuid') return ofForm('uuid', value).find((found) => found === value);
  if (format === 'ipv4') return ofForm('address', value).find((found) => found === value);
  if (format === 'uri') return ofForm('url', value).find((found) => found === value);
  return format === undefined || typeof format !== 'string' || !STRICT_FORMATS.has(format) ? value : undefined;
}

/** Formats that no form here tells: no value is known to have them. */
const STRICT_FORMATS: ReadonlySet<string> = new Set(['duration', 'hostname', 'ipv6']);

function instant(value: string): string | undefined {
  if (ofForm('moment', value)[0] !== value) return undefined;
  if (/^\d{4}-\d{2}-\d{2}T/.test(value)) return value;
  const [day, time] = [isoDay(value), ofForm('time', value).map(isoTime)[0]];
  return day === undefined || time === undefined ? undefined : `${day}T${time}`;
}

/**
 * Patterns are a caller's: they run where they can be stopped.
 *
 * @throws {AppError} `BAD_INPUT`
 */
function matches(pattern: string, value: string): boolean {
  try {
    return runInNewContext('new RegExp(pattern, "u").test(value)', { pattern, value }, { timeout: PATTERN_MS });
  } catch {
    throw new AppError('BAD_INPUT', 'A pattern of the schema is no regular expression, or takes too long');
  }
}
