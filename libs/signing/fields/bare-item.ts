import { FieldSyntaxError, type Scanner } from './scanner.js';

/** A value of a structured field (RFC 9651 §3.3). */
export type BareItem =
  | { readonly kind: 'integer' | 'decimal'; readonly value: number }
  | { readonly kind: 'string' | 'token' | 'display'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Unix seconds. */
  | { readonly kind: 'date'; readonly value: number };

const NUMBER = /-?\d{1,15}(?:\.\d{1,3})?/y;
const DECIMAL = /^-?\d{1,12}\.\d{1,3}$/;
const STRING = /"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y;
const TOKEN = /[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y;
const BYTES = /:[A-Za-z0-9+/]*={0,2}:/y;
const BOOLEAN = /\?[01]/y;
const DATE = /@-?\d{1,15}/y;
const DISPLAY = /%"(?:[\x20-\x21\x23-\x24\x26-\x7e]|%[0-9a-f]{2})*"/y;

/** RFC 9651 §4.2.3.1. The first character says which kind it is. */
export function parseBareItem(scanner: Scanner): BareItem {
  const first = scanner.next;
  if (first === '"') return { kind: 'string', value: scanner.take(STRING).slice(1, -1).replace(/\\(.)/g, '$1') };
  if (first === ':') return { kind: 'bytes', value: bytesOf(scanner.take(BYTES).slice(1, -1)) };
  if (first === '?') return { kind: 'boolean', value: scanner.take(BOOLEAN) === '?1' };
  if (first === '@') return { kind: 'date', value: Number(scanner.take(DATE).slice(1)) };
  if (first === '%') return { kind: 'display', value: displayOf(scanner.take(DISPLAY).slice(2, -1)) };
  if (first === '-' || (first >= '0' && first <= '9')) return numberOf(scanner.take(NUMBER));
  return { kind: 'token', value: scanner.take(TOKEN) };
}

function numberOf(text: string): BareItem {
  if (!text.includes('.')) return { kind: 'integer', value: Number(text) };
  if (!DECIMAL.test(text)) throw new FieldSyntaxError();
  return { kind: 'decimal', value: Number(text) };
}

/** Only the canonical spelling of RFC 4648: bytes must not have several. */
function bytesOf(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new FieldSyntaxError();
  return bytes;
}

function displayOf(text: string): string {
  const bytes = Uint8Array.from(text.match(/%..|./g) ?? [], (unit) =>
    unit.length === 1 ? unit.charCodeAt(0) : Number.parseInt(unit.slice(1), 16),
  );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FieldSyntaxError();
  }
}
