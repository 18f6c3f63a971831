import { isUtf8 } from 'node:buffer';
import { parse } from 'secure-json-parse';
import { jsonShape } from '#src/kernel/index.js';

const MAX_DEPTH = 64;
const MAX_MEMBERS = 50_000;
/** A schema takes microseconds for each that is wrong, and nobody else is served meanwhile. */
const MAX_VALUES = 100_000;

export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly reason: 'not_utf8' | 'malformed' | 'too_deep' | 'too_many_members' | 'too_many_values' | 'forbidden_key';
    };

/**
 * JSON text as received. Refuses what is not UTF-8 (RFC 8259 §8.1), nests deeper than 64, has more than 50,000
 * members or, as counted, more values than are taken, or names `__proto__` or `constructor.prototype` as a key.
 */
export function parseJsonBody(bytes: Buffer, mostValues: number = MAX_VALUES): JsonBody {
  if (!isUtf8(bytes)) return { ok: false, reason: 'not_utf8' };
  const { depth, members, values } = jsonShape(bytes);
  if (depth > MAX_DEPTH) return { ok: false, reason: 'too_deep' };
  if (members > MAX_MEMBERS) return { ok: false, reason: 'too_many_members' };
  if (values > mostValues) return { ok: false, reason: 'too_many_values' };
  try {
    return {
      ok: true,
      value: parse(bytes.toString('utf8'), null, { protoAction: 'error', constructorAction: 'error' }),
    };
  } catch (error) {
    const forbidden = error instanceof SyntaxError && error.message.includes('forbidden prototype property');
    return { ok: false, reason: forbidden ? 'forbidden_key' : 'malformed' };
  }
}
