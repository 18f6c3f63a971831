import { UpstreamError } from '../../upstream-error.js';

// Read by hand and not by a schema: it happens for every word of every answer.

export const malformed = (): UpstreamError => new UpstreamError('malformed', 'The model answered in another format');

/** What is not said, in either way of JSON, is `undefined`; what is said must be of its type. */
export const optional = <T>(value: unknown, read: (value: unknown) => T): T | undefined =>
  value === undefined || value === null ? undefined : read(value);

export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw malformed();
}

/** A whole number that is not negative. */
export function count(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw malformed();
}

export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw malformed();
}

export function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (isFields(value)) return value;
  throw malformed();
}

/** The fields of a JSON text. */
export function fieldsOf(json: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed();
  }
  return fields(value);
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
