import { isUtf8 } from 'node:buffer';
import { parse } from 'secure-json-parse';

const MAX_DEPTH = 64;
const MAX_MEMBERS = 50_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly reason: 'not_utf8' | 'malformed' | 'too_deep' | 'too_many_members' | 'forbidden_key';
    };

/**
 * JSON text as received. Refuses what is not UTF-8 (RFC 8259 §8.1), nests deeper than 64, has more than 50,000
 * members, or names `__proto__` or `constructor.prototype` as a key.
 */
export function parseJsonBody(bytes: Buffer): JsonBody {
  if (!isUtf8(bytes)) return { ok: false, reason: 'not_utf8' };
  const size = measure(bytes);
  if (size !== undefined) return { ok: false, reason: size };
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

/** Counts before parsing, so that a hostile body is refused before it costs memory. */
function measure(bytes: Buffer): 'too_deep' | 'too_many_members' | undefined {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (OPEN.has(byte)) {
      depth += 1;
      if (depth > MAX_DEPTH) return 'too_deep';
    } else if (CLOSE.has(byte)) depth -= 1;
    else if (byte === COLON) {
      members += 1;
      if (members > MAX_MEMBERS) return 'too_many_members';
    }
  }
  return undefined;
}

/** Index of the quote that ends the string begun at `start`; the end of the text when there is none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(QUOTE, start + 1); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return bytes.length;
}
