import { hash } from 'node:crypto';

/** A request, as far as a signature covers it. */
export interface SignableRequest {
  /** Upper case, as it is sent. */
  readonly method: string;
  /** Raw request target with query, exactly as sent: `/v1/keys?limit=2`. */
  readonly target: string;
  /** The body exactly as sent; text goes as UTF-8. Left out when there is none. */
  readonly body?: Uint8Array | string | undefined;
}

/** What keeps a signature from being used twice. */
export interface Stamp {
  /** Unix time of signing, ms. */
  readonly timestamp: number;
  /** UUID v4, lower or upper case; used once. */
  readonly nonce: string;
}

const METHOD = /^[A-Z]+$/;
const TARGET = /^[\x21-\x7e]+$/;

/** SHA-256 of the body, lower-case hex; of zero bytes when there is none. */
export const bodySha256 = (body: Uint8Array | string | undefined): string => hash('sha256', body ?? '', 'hex');

/** Whether method and target are what HTTP allows, and so can hold no line end that moves the borders between the lines. */
export const isSignable = ({ method, target }: SignableRequest): boolean => METHOD.test(method) && TARGET.test(target);

/**
 * The string to sign: method, target, timestamp, nonce and body hash, joined with `\n`. Without a stamp it is the legacy
 * string, which anybody who sees the request can send again.
 *
 * @example
 * canonicalRequest({ method: 'GET', target: '/v1/limits' }, { timestamp: 1767323045678, nonce: generateNonce() })
 */
export function canonicalRequest({ method, target, body }: SignableRequest, stamp: Stamp | undefined): string {
  const digest = bodySha256(body);
  return stamp === undefined
    ? `${method}\n${target}\n${digest}`
    : `${method}\n${target}\n${stamp.timestamp}\n${stamp.nonce}\n${digest}`;
}
