/**
 * The bytes of a base64url text (RFC 4648 §5, no padding) in its one canonical spelling. `undefined` for every other
 * text: padding, white space, the plain base64 alphabet and stray bits at the end are refused, not skipped.
 */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
