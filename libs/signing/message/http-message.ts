import type { SignableRequest } from '../request.js';

/** A request, as far as RFC 9421 can cover it. */
export interface HttpMessage extends SignableRequest {
  /** Scheme and authority under which the caller reached the service, `https://api.example.com`; empty when unknown. */
  readonly origin: string;
  /** Header names and values in turn, as Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
}

const VISIBLE = /^[\x20-\x7e\t]*$/;

/**
 * The value of a header that may stand on several lines (RFC 9421 §2.1); `undefined` when it is absent or holds what a
 * line of the signature base cannot.
 */
export function headerValue({ rawHeaders }: HttpMessage, name: string): string | undefined {
  const lines: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === name) lines.push((rawHeaders[at + 1] ?? '').trim());
  }
  const value = lines.join(', ');
  return lines.length > 0 && VISIBLE.test(value) ? value : undefined;
}

/** Whether there is anything a digest would protect. */
export const hasBody = ({ body }: SignableRequest): boolean => body !== undefined && body.length > 0;
