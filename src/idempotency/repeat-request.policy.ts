/** What a request says about being a repeat of another. */
export type RepeatRequest =
  /** It names itself: whoever sends the same key asks for the same answer. */
  | { readonly kind: 'keyed'; readonly key: string }
  /** A client library sends it again by itself, without a key, for the `count`th time. */
  | { readonly kind: 'retry'; readonly count: number }
  /** `marked`: its client library would say so if it sent it again. */
  | { readonly kind: 'first'; readonly marked: boolean }
  | { readonly kind: 'invalid' };

/** 1 to 255 visible ASCII characters. Several header lines arrive joined by a comma and a space, which is none of them. */
const KEY = /^[\x21-\x7e]{1,255}$/;
const COUNT = /^[0-9]{1,4}$/;

const INVALID = { kind: 'invalid' } as const;
const MARKED = { kind: 'first', marked: true } as const;
const PLAIN = { kind: 'first', marked: false } as const;

type HeaderValue = string | readonly string[] | undefined;

/**
 * @param key `Idempotency-Key`
 * @param count `X-Stainless-Retry-Count`, which the official SDKs of OpenAI and others send with every attempt: 0, then 1, 2 …
 */
export function readRepeat(key: HeaderValue, count: HeaderValue): RepeatRequest {
  if (key !== undefined) return typeof key === 'string' && KEY.test(key) ? { kind: 'keyed', key } : INVALID;
  if (typeof count !== 'string' || !COUNT.test(count)) return PLAIN;
  return Number(count) === 0 ? MARKED : { kind: 'retry', count: Number(count) };
}
