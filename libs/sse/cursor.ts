const CANONICAL = /^(0|[1-9]\d{0,15})$/;

/**
 * The number in an event id or a `Last-Event-ID` header; `undefined` unless it is a plain decimal within 2^53 - 1.
 * Signs, blanks, leading zeros, exponents and list values are refused.
 *
 * @example
 * parseSequence('17') // 17
 */
export function parseSequence(text: string): number | undefined {
  if (!CANONICAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
